/** What the peer does on a connection: everything that can be is prepared before. */

import { generate } from "mqtt-packet";
import { Buffer } from "node:buffer";
import type { Job } from "./job.ts";
import { makePayloads, PAYLOADS, Tally, tallyOf, TOPIC, WINDOW } from "./contestants/messages.mjs";
import { areSame, type TlsPipe } from "./openssl.ts";

export const CONNACK: Uint8Array<ArrayBuffer> = new Uint8Array([0x20, 2, 0, 0]);
const SUBACK = [0x90, 3];
/** What it begins with; two bytes of an identifier follow. */
const PUBACK = 0x4002;
const PUBACK_SIZE = 4;
const READ_SIZE = 128 * 1024;
const WRITE_SIZE = 64 * 1024;

/** Whether somebody says goodbye. */
export function isDisconnect(bytes: Uint8Array): boolean {
  return bytes[0] === 0xe0 && bytes[1] === 0;
}

/** Takes all messages of a job; whether each was as it should be. */
export function receiveAll(pipe: TlsPipe, job: Job): boolean {
  return job.qos === 0 ? receiveUnacknowledged(pipe, job) : receiveAcknowledged(pipe, job);
}

/** Sends all messages of a job to whoever subscribes; whether they were acknowledged as they should be. */
export function sendAll(pipe: TlsPipe, job: Job): boolean {
  const input = new Uint8Array(READ_SIZE);
  const subscribe = pipe.read(input) ?? 0;
  if (subscribe === 0) return false;
  // Behind a fixed header of two bytes.
  pipe.write(new Uint8Array([...SUBACK, ...input.subarray(2, 4), job.qos]));
  return job.qos === 0 ? sendUnacknowledged(pipe, job) : sendAcknowledged(pipe, job);
}

/** So many messages, from the first payload on. */
function prepare({ qos, size }: Job, count: number): Uint8Array<ArrayBuffer> {
  const payloads = makePayloads(size);
  const packets = Array.from({ length: count }, (_, index) =>
    generate({
      cmd: "publish",
      topic: TOPIC,
      payload: Buffer.from(payloads[index % PAYLOADS] ?? []),
      qos,
      retain: false,
      dup: false,
      ...(qos === 1 ? { messageId: index % WINDOW + 1 } : {}),
    }));
  const bytes = new Uint8Array(packets.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const packet of packets) {
    bytes.set(packet, at);
    at += packet.length;
  }
  return bytes;
}

/** So many times all payloads that a piece of `size` bytes can be cut from it wherever a payload begins or goes on. */
function preparePattern(
  job: Job,
  size: number,
): { pattern: Uint8Array<ArrayBuffer>; period: number } {
  const period = prepare({ ...job, qos: 0 }, PAYLOADS).length;
  const times = 1 + Math.ceil(size / period);
  return { pattern: prepare({ ...job, qos: 0 }, times * PAYLOADS), period };
}

/** Every byte is compared; behind the last message comes another at QoS 1, which is acknowledged. */
function receiveUnacknowledged(pipe: TlsPipe, job: Job): boolean {
  const { pattern, period } = preparePattern(job, READ_SIZE);
  const total = period / PAYLOADS * job.count;
  const input = new Uint8Array(READ_SIZE);
  let at = 0;
  let count = 0;
  while (at < total) {
    count = pipe.read(input) ?? 0;
    if (count === 0) return false;
    const expected = pattern.subarray(at % period);
    if (!areSame([input, expected], Math.min(count, total - at))) return false;
    at += count;
  }
  return finish(pipe, input.slice(count - (at - total), count), { ...job, qos: 1 });
}

/** The last message, of which the beginning may be there already. */
function finish(pipe: TlsPipe, beginning: Uint8Array, job: Job): boolean {
  const size = prepare(job, 1).length;
  const packet = new Uint8Array(size);
  packet.set(beginning);
  for (let at = beginning.length; at < size;) {
    const count = pipe.read(packet.subarray(at)) ?? 0;
    if (count === 0) return false;
    at += count;
  }
  const id = size - job.size - 2;
  pipe.write(new Uint8Array([0x40, 2, ...packet.subarray(id, id + 2)]));
  return packet[0] === 0x32 && packet[id + 2] === job.count % PAYLOADS;
}

/** All messages that a read brings are acknowledged with one write. */
function receiveAcknowledged(pipe: TlsPipe, job: Job): boolean {
  const size = prepare(job, 1).length;
  const idAt = size - job.size - 2;
  const input = new Uint8Array(READ_SIZE + size);
  const view = new DataView(input.buffer);
  const acks = new DataView(new ArrayBuffer(Math.ceil(input.length / size) * PUBACK_SIZE));
  const tally = new Tally();
  let rest = 0;
  while (tally.count < job.count) {
    const count = pipe.read(input.subarray(rest)) ?? 0;
    if (count === 0) return false;
    const end = rest + count;
    let at = 0;
    let ack = 0;
    for (; at + size <= end; at += size) {
      if (input[at] !== 0x32) return false;
      acks.setUint32(ack, PUBACK << 16 | view.getUint16(at + idAt));
      ack += PUBACK_SIZE;
      tally.note(TOPIC, input.subarray(at + idAt + 2, at + size));
    }
    rest = end - at;
    input.copyWithin(0, at, end);
    if (ack > 0) pipe.write(new Uint8Array(acks.buffer, 0, ack));
  }
  return rest === 0 && tally.sum === tallyOf(job.count, job.size).sum;
}

/** Behind the last message comes another at QoS 1, whose acknowledgement says that all have come. */
function sendUnacknowledged(pipe: TlsPipe, job: Job): boolean {
  const { pattern, period } = preparePattern(job, WRITE_SIZE);
  const total = period / PAYLOADS * job.count;
  for (let at = 0; at < total; at += WRITE_SIZE) {
    const from = at % period;
    pipe.write(pattern.subarray(from, from + Math.min(WRITE_SIZE, total - at)));
  }
  pipe.write(prepare({ ...job, qos: 1 }, 1));
  return isPuback(pipe, 1);
}

function isPuback(pipe: TlsPipe, id: number): boolean {
  const input = new Uint8Array(PUBACK_SIZE);
  return pipe.read(input) === PUBACK_SIZE &&
    new DataView(input.buffer).getUint32(0) === (PUBACK << 16 | id);
}

/** As many messages as the window has room for, with each read of acknowledgements, which come in the order of the messages. */
function sendAcknowledged(pipe: TlsPipe, job: Job): boolean {
  const messages = prepare(job, WINDOW);
  const size = messages.length / WINDOW;
  const input = new Uint8Array(READ_SIZE);
  const view = new DataView(input.buffer);
  let sent = 0;
  let rest = 0;
  for (let taken = 0; taken < job.count;) {
    while (sent < taken + WINDOW && sent < job.count) {
      const place = sent % WINDOW;
      const end = Math.min(WINDOW, place + taken + WINDOW - sent, place + job.count - sent);
      pipe.write(messages.subarray(place * size, end * size));
      sent += end - place;
    }
    // Not a byte of what may come behind the last acknowledgement.
    const space = input.subarray(rest, PUBACK_SIZE * (job.count - taken));
    const count = pipe.read(space) ?? 0;
    if (count === 0) return false;
    const end = rest + count;
    let at = 0;
    for (; at + PUBACK_SIZE <= end; at += PUBACK_SIZE) {
      if (view.getUint32(at) !== (PUBACK << 16 | taken % WINDOW + 1)) return false;
      taken++;
    }
    rest = end - at;
    input.copyWithin(0, at, end);
  }
  return rest === 0;
}
