/**
 * Messages one behind the other, as bytes: a byte of flags, the lengths of topic and payload in two and four
 * bytes, topic, payload.
 */
import type { KeptMessage, MessageToKeep } from "./message.ts";

const HEAD_BYTES = 7;
const RETAIN = 4;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** So many bytes a message takes at most. */
export function mostBytes({ topic, payload }: MessageToKeep): number {
  return HEAD_BYTES + 3 * topic.length + payload.length;
}

/** All of these in one piece. */
export function encodeMessages(messages: readonly MessageToKeep[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(messages.reduce((sum, message) => sum + mostBytes(message), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { topic, payload, qos, retain } of messages) {
    const { written } = encoder.encodeInto(topic, bytes.subarray(at + HEAD_BYTES));
    view.setUint8(at, qos | (retain ? RETAIN : 0));
    view.setUint16(at + 1, written);
    view.setUint32(at + 3, payload.length);
    at += HEAD_BYTES + written;
    bytes.set(payload, at);
    at += payload.length;
  }
  return bytes.subarray(0, at);
}

/** The messages again, the first of them with this sequence. Only of bytes whose checksum was right. */
export function decodeMessages(bytes: Uint8Array, first: number): KeptMessage[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const messages: KeptMessage[] = [];
  for (let at = 0; at < bytes.length;) {
    const flags = view.getUint8(at);
    const topicEnd = at + HEAD_BYTES + view.getUint16(at + 1);
    const end = topicEnd + view.getUint32(at + 3);
    messages.push({
      topic: decoder.decode(bytes.subarray(at + HEAD_BYTES, topicEnd)),
      payload: bytes.subarray(topicEnd, end),
      qos: (flags & 3) === 2 ? 2 : 1,
      retain: (flags & RETAIN) !== 0,
      sequence: first + messages.length,
    });
    at = end;
  }
  return messages;
}
