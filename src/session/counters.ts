/**
 * What was counted since a client was made, over all its connections; it only ever grows.
 *
 * One object for all that count, with plain fields: more than adding to a number no packet can afford.
 */
export class Counters {
  /** Messages sent for the first time. */
  sent = 0;
  /** Messages at QoS 1 and 2 that the server has taken over. */
  delivered = 0;
  /** PUBLISH and PUBREL packets sent again on a new connection. */
  resent = 0;
  /** Stored messages that newer ones pushed out of the outbox. */
  droppedOutgoing = 0;
  /** Acknowledgements that nothing waited for. */
  unexpectedAcknowledgements = 0;
  /** Attempts at a connection, and those that CONNACK accepted. */
  connectAttempts = 0;
  connects = 0;
  /** Those of them that nobody asked for. */
  reconnectAttempts = 0;
  reconnects = 0;
  packetsOut = 0;
  packetsIn = 0;
  bytesOut = 0;
  bytesIn = 0;
}
