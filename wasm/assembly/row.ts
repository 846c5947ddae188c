/** A descriptor row: what TypeScript needs of one packet, 8 words. */

/** The packet being described; `start` is where its first byte stands. */
// @ts-ignore: decorator
@inline
export function writeRow(
  row: i32,
  first: u32,
  packetId: i32,
  topicId: i32,
  topicAt: i32,
  topicLength: i32,
  bodyAt: i32,
  bodyLength: i32,
  start: i32,
): void {
  store<u32>(row, first);
  store<i32>(row, packetId, 4);
  store<i32>(row, topicId, 8);
  store<i32>(row, topicAt, 12);
  store<i32>(row, topicLength, 16);
  store<i32>(row, bodyAt, 20);
  store<i32>(row, bodyLength, 24);
  store<i32>(row, start, 28);
}

/** Address behind the packet of a row. */
// @ts-ignore: decorator
@inline
export function endOf(row: i32): i32 {
  return load<i32>(row, 20) + load<i32>(row, 24);
}
