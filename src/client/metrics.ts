import type { Counters } from "../session/mod.ts";

/**
 * What a client has done and what it is holding, in numbers: a copy that changes no more.
 *
 * The first fifteen count over all connections since the client was made and only ever grow; the rest is how things stand.
 */
export interface ClientMetrics {
  /** Messages sent, at any QoS; those sent again are not counted again. */
  readonly sent: number;
  /** Messages at QoS 1 and 2 that the server has taken over. */
  readonly delivered: number;
  /** PUBLISH and PUBREL packets sent again after a lost connection. */
  readonly resent: number;
  /** Messages that came; the second copy of one at QoS 2 is none. */
  readonly received: number;
  /** Of those, messages that nobody was given: no handler, no iterator, or a full queue at QoS 0. */
  readonly droppedIncoming: number;
  /** Messages that newer ones pushed out of a full outbox. */
  readonly droppedOutgoing: number;
  /** Acknowledgements that nothing waited for; they are ignored. */
  readonly unexpectedAcknowledgements: number;
  /** Attempts at a connection. */
  readonly connectAttempts: number;
  /** Those that the server accepted. */
  readonly connects: number;
  /** Attempts that the client made by itself, after a lost connection; `connectAttempts` has them too. */
  readonly reconnectAttempts: number;
  /** Those that the server accepted. */
  readonly reconnects: number;
  /** MQTT packets sent. */
  readonly packetsOut: number;
  /** MQTT packets received. */
  readonly packetsIn: number;
  /** Bytes of MQTT written to the transport, without what TLS adds. */
  readonly bytesOut: number;
  /** Bytes of MQTT read from it. */
  readonly bytesIn: number;
  /** Publishes at QoS 1 and 2, subscribes and unsubscribes that were sent and wait for their acknowledgement. */
  readonly inFlight: number;
  /** Calls that wait to be sent: for a place among those, for room in the send buffer, or for a connection. */
  readonly waiting: number;
  /** Messages that came and that no iterator has taken yet. */
  readonly queued: number;
  /** What the outbox holds; `undefined` without one. */
  readonly outbox: OutboxDepth | undefined;
}

/** How full an outbox is. */
export interface OutboxDepth {
  /** Messages. */
  readonly count: number;
  /** Bytes of payload. */
  readonly bytes: number;
}

/** Where the numbers come from. */
export interface MetricsSources {
  session: { counters: Counters; inFlight: number };
  inbox: { received: number; dropped: number; queued: number };
  gate: { size: number };
  outbox: OutboxDepth | undefined;
}

/** The numbers of this moment. */
export function takeMetrics({ session, inbox, gate, outbox }: MetricsSources): ClientMetrics {
  return Object.freeze({
    ...session.counters,
    received: inbox.received,
    droppedIncoming: inbox.dropped,
    inFlight: session.inFlight,
    waiting: gate.size,
    queued: inbox.queued,
    outbox: outbox && Object.freeze({ count: outbox.count, bytes: outbox.bytes }),
  });
}
