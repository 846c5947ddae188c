import type { Clock } from "../../../src/client/mod.ts";

/** From the client to the server, or back. */
export type Direction = "toServer" | "toClient";

/** What can happen to a stream of bytes on its way. */
export type Fault =
  /** From here on it goes in pieces of 1 to `size` bytes. */
  | { kind: "slice"; size: number }
  /** The next byte arrives with these bits turned over; all of them unless said otherwise. */
  | { kind: "corrupt"; mask?: number }
  /** The next piece arrives twice. */
  | { kind: "duplicate" }
  /** The rest is lost, and the connection ends politely, both ways. */
  | { kind: "truncate" }
  /** This direction ends politely; the other goes on. */
  | { kind: "halfClose" }
  /** The connection is reset, both ways. */
  | { kind: "reset" }
  /** The rest is taken and lost, the end too: nobody is told anything. */
  | { kind: "blackhole" }
  /** Nothing goes on until then; what comes meanwhile waits, and the sender with it. */
  | { kind: "hold"; until: Promise<unknown> }
  /** The same for so many milliseconds of a clock. */
  | { kind: "delay"; ms: number; clock: Clock }
  /** The same until so many pieces have come from the other side. */
  | { kind: "delay"; roundTrips: number };

/** A fault, and where it happens. */
export type FaultRule = Fault & {
  direction: Direction;
  /** Once so many bytes have passed, at once if they have. Default 0. */
  after?: number;
  /** Instead of once: at a random place of every piece that comes, with this chance. */
  chance?: number;
  /** Only to this connection, counted from 0. Default: to all. */
  connection?: number;
};
