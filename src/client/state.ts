import type { HubwireError, ProtocolError } from "../errors.ts";

/**
 * Where a client stands. On the way up: `initial`, `transportConnecting`, `transportConnected` (the byte
 * pipe is open, CONNACK is awaited), `connected`; on the way down: `disconnecting`, `disconnected`, from which it
 * may connect again. `reconnecting`: the connection is lost, and another will be tried after a while.
 */
export type ClientState =
  | "initial"
  | "transportConnecting"
  | "transportConnected"
  | "connected"
  | "reconnecting"
  | "disconnecting"
  | "disconnected";

/** A client has passed from one state to another. */
export class StateChangeEvent extends Event {
  /** The state before. */
  readonly oldState: ClientState;
  /** The state from now on. */
  readonly newState: ClientState;
  /** What ended the connection, unless the program itself did. */
  readonly cause: HubwireError | undefined;

  /** Made by the client. */
  constructor(
    change: { oldState: ClientState; newState: ClientState; cause?: HubwireError | undefined },
  ) {
    super("statechange");
    this.oldState = change.oldState;
    this.newState = change.newState;
    this.cause = change.cause;
  }
}

/**
 * A message handler threw. A listener that calls `preventDefault()` has looked after it: the message counts as dealt
 * with and is acknowledged. Otherwise the error is an uncaught one, and the message stays unacknowledged.
 */
export class HandlerErrorEvent extends Event {
  /** What it threw. */
  readonly error: unknown;
  /** The topic of the message that it was given. */
  readonly topic: string;

  /** Made by the client. */
  constructor(failure: { error: unknown; topic: string }) {
    super("handlererror", { cancelable: true });
    this.error = failure.error;
    this.topic = failure.topic;
  }
}

/** After a lost connection the server has refused a subscription that it had granted before: it is no more. */
export class SubscriptionLostEvent extends Event {
  /** Of the subscription. */
  readonly topicFilter: string;
  /** What the server answered. */
  readonly error: ProtocolError;

  /** Made by the client. */
  constructor(loss: { topicFilter: string; error: ProtocolError }) {
    super("subscriptionlost");
    this.topicFilter = loss.topicFilter;
    this.error = loss.error;
  }
}

/**
 * The outbox failed where nobody waits for it: what it keeps could not be read, or what was delivered could not be
 * removed, or it kept what MQTT 3.1.1 forbids. Everything else in it goes on.
 */
export class OutboxErrorEvent extends Event {
  /** What it threw: mostly a {@linkcode StoreError}, of damaged messages a {@linkcode DamagedMessagesError}. */
  readonly error: unknown;

  /** Made by the client. */
  constructor(error: unknown) {
    super("outboxerror");
    this.error = error;
  }
}
