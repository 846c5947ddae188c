/** What a contestant is asked for, and what it answers: a line of JSON each. */

/** What a contestant is to do. */
export interface Order {
  task: "publish" | "receive" | "roundTrips" | "connects" | "parallel" | "idle";
  port: number;
  /** What to connect as; the peer does what it asks for. */
  clientId: string;
  qos: 0 | 1;
  /** Of a payload, in bytes. */
  size: number;
  /** Of messages, or of connections. */
  count: number;
  /** Without Nagle's delay, where that is a choice. */
  noDelay?: boolean;
}

/** What came of an order; what the task is not about is left out. */
export interface Answer {
  /** How long it took, in milliseconds; of each round trip or connection, where that is asked. */
  milliseconds: number[];
  /** What the process used of its cores meanwhile, in milliseconds. */
  cpu: number;
  /** Of what was received. */
  count?: number;
  sum?: number;
  /** Of memory for each idle connection. */
  bytes?: number;
}
