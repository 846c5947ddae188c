/** A message on its way into an {@linkcode Outbox}. */
export interface OutboxMessage {
  /** Where it is published; no wildcards. */
  topic: string;
  /** What is published. Must not change until `add` has settled. */
  payload: Uint8Array;
  /** 1 at least once, 2 exactly once. */
  qos: 1 | 2;
  /** Whether the server keeps it for later subscribers. */
  retain: boolean;
}

/** A message out of an {@linkcode Outbox}. */
export interface StoredMessage extends OutboxMessage {
  /** Its place: every message has a larger one than those before it. */
  sequence: number;
}

/** What is not yet delivered, in the order in which it was published. */
export interface Outbox extends AsyncDisposable {
  /**
   * Makes it ready: takes the lock, reads what is left of earlier runs.
   *
   * @throws {StoreError} If somebody else has it, or it cannot be read.
   */
  open(): Promise<void>;
  /** How many messages are stored. */
  readonly count: number;
  /** How many bytes of payload they are. */
  readonly bytes: number;
  /**
   * Stores a message behind all others; resolves to its sequence once it is safe.
   *
   * The signal ends the wait for room.
   *
   * @throws {OutboxFullError} If there is no room and the policy is not to wait.
   */
  add(message: OutboxMessage, signal?: AbortSignal): Promise<number>;
  /**
   * The messages behind a sequence, oldest first, at most so many.
   *
   * @throws {DamagedMessagesError} If the first of them cannot be read; behind its `last` it goes on.
   */
  read(after: number, limit: number): Promise<StoredMessage[]>;
  /** It was delivered, or given up: forgets it. */
  remove(sequence: number): Promise<void>;
  /** Told when a message is dropped to make room, so that its promise can settle. */
  ondropped?: ((sequence: number) => void) | undefined;
  /** Stores what was let in, fails whoever waits for room. */
  close(): Promise<void>;
}
