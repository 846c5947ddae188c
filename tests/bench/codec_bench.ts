/**
 * Encoding and decoding beside npm:mqtt-packet, the codec of MQTT.js: PUBLISH with 64 bytes, one topic.
 *
 * One iteration is {@linkcode COUNT} packets. Before anything is timed every contestant has to give the same
 * checksum over the same bytes. The summary at the end of each group gives the ratios.
 */

import mqttPacket, { type Packet as TheirPacket } from "mqtt-packet";
import { Buffer } from "node:buffer";
import {
  encodePacket,
  type Packet,
  PacketDecoder,
  PacketReader,
  PacketWriter,
} from "../../src/codec/mod.ts";

const COUNT = 512;
const TOPIC = "devices/device-0001/messages/events/a=b";

const payload = Buffer.from(Uint8Array.from({ length: 64 }, (_, index) => index + 1));
const ours: Packet = { type: "publish", topic: TOPIC, payload, qos: 0, retain: false, dup: false };
const theirs: TheirPacket = {
  cmd: "publish",
  topic: TOPIC,
  payload,
  qos: 0,
  retain: false,
  dup: false,
};

const stream = new Uint8Array(Buffer.concat(Array(COUNT).fill(mqttPacket.generate(theirs))));
const theirStream = Buffer.from(stream);

/** What every decoder has to find: the lengths of topics and payloads, and each payload's first byte. */
const CHECKSUM = COUNT * (TOPIC.length + payload.length + 1);

let sum = 0;

function add(packet: Packet | undefined): void {
  if (packet?.type !== "publish") throw new Error("Not a PUBLISH");
  sum += packet.topic.length + packet.payload.length + (packet.payload[0] ?? 0);
}

const decoder = new PacketDecoder({ role: "client" });

function decodeWithDecoder(): void {
  decoder.push(stream);
  for (let packet = decoder.next(); packet; packet = decoder.next()) add(packet);
}

const reader = new PacketReader({ role: "client" });

/** As a read loop does: whatever fits is read, until all is there. */
function decodeWithReader(): void {
  for (let at = 0; at < stream.length;) {
    const space = reader.space();
    const piece = stream.subarray(at, at + space.length);
    space.set(piece);
    at += piece.length;
    for (const packet of reader.commit(piece.length)) add(packet);
  }
}

const parser = mqttPacket.parser({ protocolVersion: 4 });
parser.on("packet", (packet: TheirPacket) => {
  if (packet.cmd !== "publish") throw new Error("Not a PUBLISH");
  const body = packet.payload as Buffer;
  sum += packet.topic.length + body.length + (body[0] ?? 0);
});

function decodeWithMqttPacket(): void {
  parser.parse(theirStream);
}

for (const decode of [decodeWithDecoder, decodeWithReader, decodeWithMqttPacket]) {
  sum = 0;
  decode();
  if (sum !== CHECKSUM) throw new Error(`${decode.name}: checksum ${sum}, not ${CHECKSUM}`);
}

Deno.bench({
  name: "mqtt-packet parse",
  group: `decode ${COUNT} x 64 B`,
  baseline: true,
  fn: decodeWithMqttPacket,
});
Deno.bench({
  name: "PacketDecoder push and next",
  group: `decode ${COUNT} x 64 B`,
  fn: decodeWithDecoder,
});
Deno.bench({
  name: "PacketReader space and commit",
  group: `decode ${COUNT} x 64 B`,
  fn: decodeWithReader,
});

const writer = new PacketWriter();

function encodeWithWriter(): number {
  for (let i = 0; i < COUNT; i++) writer.write(ours);
  const length = writer.take().reduce((total, segment) => total + segment.length, 0);
  writer.release();
  return length;
}

function encodeEach(): number {
  let length = 0;
  for (let i = 0; i < COUNT; i++) length += encodePacket(ours).length;
  return length;
}

function encodeWithMqttPacket(): number {
  let length = 0;
  for (let i = 0; i < COUNT; i++) length += mqttPacket.generate(theirs).length;
  return length;
}

for (const encode of [encodeWithWriter, encodeEach, encodeWithMqttPacket]) {
  if (encode() !== stream.length) throw new Error(`${encode.name}: not the same bytes`);
}
writer.write(ours);
for (const bytes of [writer.take()[0], encodePacket(ours)]) {
  if (!bytes || Buffer.compare(bytes, stream.subarray(0, bytes.length)) !== 0) {
    throw new Error("Not the same bytes");
  }
}
writer.release();

Deno.bench({
  name: "mqtt-packet generate",
  group: `encode ${COUNT} x 64 B`,
  baseline: true,
  fn: () => void encodeWithMqttPacket(),
});
Deno.bench({
  name: "PacketWriter write and take",
  group: `encode ${COUNT} x 64 B`,
  fn: () => void encodeWithWriter(),
});
Deno.bench({
  name: "encodePacket, a new array each",
  group: `encode ${COUNT} x 64 B`,
  fn: () => void encodeEach(),
});
