/** A message as an outbox takes it: one that is published with QoS 1 or 2. */
export interface MessageToKeep {
  /** Where it is published; no wildcards. */
  topic: string;
  /** What is published. Must not change until `add` has settled. */
  payload: Uint8Array;
  /** 1 at least once, 2 exactly once. */
  qos: 1 | 2;
  /** Whether the server keeps it for later subscribers. */
  retain: boolean;
}

/** A message as an outbox gives it back. */
export interface KeptMessage extends MessageToKeep {
  /** Its place: every message has a larger one than those before it, also after a restart. */
  sequence: number;
}
