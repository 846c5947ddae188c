/** What is sent in the benches of the client: the same for everybody, on Deno and on Node. */

/** What a device of a hub publishes to. */
export const TOPIC = "devices/thermometer/messages/events/";

/** So many messages are on their way at most, unacknowledged or not taken. */
export const WINDOW = 1000;

/** So many payloads differ, then they begin again. It divides the window. */
export const PAYLOADS = 250;

/**
 * The payloads, in their order.
 *
 * @param {number} size In bytes.
 * @returns {Uint8Array[]} {@link PAYLOADS} of them.
 */
export function makePayloads(size) {
  return Array.from(
    { length: PAYLOADS },
    (_, index) => Uint8Array.from({ length: size }, (_, at) => index + 7 * at & 255),
  );
}

/** Counts messages and sums them up, so that one that is missing, doubled or out of its order shows. */
export class Tally {
  count = 0;
  sum = 0;

  /**
   * One more message.
   *
   * @param {string} topic Its topic.
   * @param {Uint8Array} payload Its payload, of which the length and the first and last byte count.
   */
  note(topic, payload) {
    const { length } = payload;
    this.count++;
    this.sum = Math.imul(this.sum, 31) + topic.length + length + payload[0] + payload[length - 1] |
      0;
  }
}

/**
 * What so many messages come to.
 *
 * @param {number} count Of the messages.
 * @param {number} size Of a payload, in bytes.
 * @returns {Tally} The whole.
 */
export function tallyOf(count, size) {
  const tally = new Tally();
  const payloads = makePayloads(size);
  for (let index = 0; index < count; index++) tally.note(TOPIC, payloads[index % PAYLOADS]);
  return tally;
}
