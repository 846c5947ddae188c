import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { encodePacket, type Packet, PacketDecoder } from "../../src/codec/mod.ts";
import { MalformedPacketError } from "../../src/errors.ts";
import { concat, decodeAll } from "./_decode.ts";
import { assertRefused } from "./_refusal.ts";
import { MALFORMED, WELL_FORMED } from "./_vectors.ts";

for (const { name, bytes, packet } of WELL_FORMED) {
  Deno.test(`PacketDecoder.next() reads ${name}`, () => {
    assertEquals(decodeAll([bytes]), [packet]);
  });

  Deno.test(`PacketDecoder.next() reads ${name} at every split`, () => {
    const two = concat([bytes, bytes]);
    for (let at = 1; at < two.length; at++) {
      assertEquals(decodeAll([two.subarray(0, at), two.subarray(at)]), [packet, packet]);
    }
    assertEquals(decodeAll(Array.from(two, (byte) => new Uint8Array([byte]))), [packet, packet]);
  });
}

Deno.test("PacketDecoder.next() reads a stream of all types at every split", () => {
  const stream = concat(WELL_FORMED.map(({ bytes }) => bytes));
  const packets = WELL_FORMED.map(({ packet }) => packet);
  assertEquals(new Set(packets.map(({ type }) => type)).size, 14);
  for (let at = 0; at <= stream.length; at++) {
    assertEquals(decodeAll([stream.subarray(0, at), stream.subarray(at)]), packets);
  }
  for (const size of [1, 2, 3, 5, 7, 11]) assertEquals(decodeAll(cut(stream, size)), packets);
});

for (const vector of MALFORMED) {
  const { name, bytes, role, statement, offset, code } = vector;
  const options = vector.maximumPacketSize === undefined
    ? { role }
    : { role, maximumPacketSize: vector.maximumPacketSize };

  Deno.test(`PacketDecoder.next() refuses ${name} [${statement}] however it is cut`, () => {
    assertRefused(bytes, { ...options, statement, offset, code });
  });

  Deno.test(`PacketDecoder.next() gives the packets before ${name} and stays refused`, () => {
    const decoder = new PacketDecoder(options);
    const good = encodePacket({ type: "puback", packetId: 9 });
    decoder.push(concat([good, good, bytes, good]));
    assertEquals(decoder.next(), { type: "puback", packetId: 9 });
    assertEquals(decoder.next(), { type: "puback", packetId: 9 });
    const error = assertThrows(() => decoder.next(), MalformedPacketError);
    assertEquals(error.offset, offset + 2 * good.length);
    decoder.push(good);
    assertStrictEquals(assertThrows(() => decoder.next()), error);
  });
}

Deno.test("PacketDecoder.next() reads a packet at each boundary of the length field [2.2.3]", () => {
  for (const remaining of [3, 127, 128, 16383, 16384, 2097151, 2097152]) {
    const payload = new Uint8Array(remaining - 3).fill(1);
    const bytes = publish("t", payload);
    const headerSize = bytes.length - remaining;
    assertEquals(
      headerSize,
      remaining < 128 ? 2 : remaining < 16384 ? 3 : remaining < 2097152 ? 4 : 5,
    );
    const [packet] = decodeAll([bytes], { maximumPacketSize: bytes.length });
    assert(packet?.type === "publish");
    assertEquals(packet.payload.length, payload.length);
    assertThrows(
      () => decodeAll([bytes], { maximumPacketSize: bytes.length - 1 }),
      MalformedPacketError,
      "larger than the maximum packet size",
    );
  }
});

Deno.test("PacketDecoder.next() reads large packets between small ones, whatever the chunks", () => {
  const packets: Packet[] = [40, 5000, 70_000, 3, 300_000, 4095, 4096, 65_536].map((
    size,
    index,
  ) => ({
    type: "publish",
    topic: `topic/${index}`,
    payload: new Uint8Array(size).map((_, at) => at * 7 + index),
    qos: 1,
    retain: false,
    dup: false,
    packetId: index + 1,
  }));
  const stream = concat(packets.map(encodePacket));
  for (const size of [1, 7, 1000, 4096, 65_535, 65_536, stream.length]) {
    assertEquals(decodeAll(cut(stream, size)), packets);
  }
});

Deno.test("PacketDecoder.next() reads packets other than PUBLISH that arrive in many pieces", () => {
  const returnCodes = Array.from({ length: 100_000 }, (_, index) => index % 3);
  const topicFilters = Array.from({ length: 3000 }, (_, index) => `filter/${index}/+/#`);
  const packets: Packet[] = [
    { type: "suback", packetId: 1, returnCodes },
    { type: "unsubscribe", packetId: 2, topicFilters },
    {
      type: "subscribe",
      packetId: 3,
      subscriptions: topicFilters.map((topicFilter, index) => ({
        topicFilter,
        qos: index % 3 as 0 | 1 | 2,
      })),
    },
  ];
  const stream = concat(packets.map(encodePacket));
  for (const size of [1000, 70_000, stream.length]) {
    assertEquals(decodeAll(cut(stream, size)), packets);
  }
});

Deno.test("PacketDecoder.next() refuses a large PUBLISH whose topic is malformed", () => {
  const bytes = publish("x", new Uint8Array(100_000));
  bytes[6] = 0x23;
  const error = assertThrows(() => decodeAll(cut(bytes, 1000)), MalformedPacketError);
  assertEquals([error.statement, error.offset], ["MQTT-3.3.2-2", 6]);
});

Deno.test("PacketDecoder.next() reads more packets than one scan describes", () => {
  const one = encodePacket({ type: "pingresp" });
  const packets = decodeAll([concat(Array.from({ length: 10_000 }, () => one))]);
  assertEquals(packets.length, 10_000);
  assert(packets.every((packet) => packet.type === "pingresp"));
});

Deno.test("PacketDecoder.next() keeps topics apart while the table of topics changes generation", () => {
  const decoder = new PacketDecoder();
  const topics = Array.from({ length: 40_000 }, (_, index) => `é/${index}`);
  // Twice, so that known topics of the older generation are met again; one chunk, so that a scan ends early.
  const stream = concat([...topics, ...topics.slice(-12_000)].map((topic) => publish(topic)));
  decoder.push(stream);
  for (const topic of [...topics, ...topics.slice(-12_000)]) {
    const packet = decoder.next();
    assert(packet?.type === "publish");
    assertEquals(packet.topic, topic);
  }
  assertEquals(decoder.next(), undefined);
});

Deno.test("PacketDecoder.next() keeps long topics apart, kept or not", () => {
  const topics = [1023, 1024, 1025, 65_535].flatMap((
    length,
  ) => ["a".repeat(length), "b".repeat(length)]);
  for (const _round of [1, 2]) {
    const packets = decodeAll([concat(topics.map((topic) => publish(topic)))]);
    assertEquals(packets.map((packet) => packet.type === "publish" && packet.topic), topics);
  }
});

Deno.test("PacketDecoder.next() tells topics of every short length apart by their last byte", () => {
  for (let length = 1; length < 70; length++) {
    const topics = ["x", "y", "x"].map((last) => "t".repeat(length - 1) + last);
    const packets = decodeAll([concat(topics.map((topic) => publish(topic)))]);
    assertEquals(packets.map((packet) => packet.type === "publish" && packet.topic), topics);
  }
});

Deno.test("PacketDecoder.push() takes a chunk that is overwritten afterwards", () => {
  const decoder = new PacketDecoder();
  const chunk = publish("a/b", new Uint8Array([1, 2, 3]));
  for (const cutAt of [chunk.length, 5]) {
    const copy = chunk.slice();
    decoder.push(copy.subarray(0, cutAt));
    copy.fill(0xff, 0, cutAt);
    decoder.push(copy.subarray(cutAt));
    const packet = decoder.next();
    assert(packet?.type === "publish");
    assertEquals(packet.payload, new Uint8Array([1, 2, 3]));
  }
});

Deno.test("two PacketDecoders that take turns do not disturb each other", () => {
  const [left, right] = [new PacketDecoder(), new PacketDecoder()];
  const [one, two] = [
    publish("left", new Uint8Array(200).fill(1)),
    publish("right", new Uint8Array(200).fill(2)),
  ];
  for (let at = 0; at < one.length; at++) {
    left.push(one.subarray(at, at + 1));
    right.push(two.subarray(at, at + 1));
  }
  right.push(two.subarray(one.length));
  const [first, second] = [left.next(), right.next()];
  assert(first?.type === "publish" && second?.type === "publish");
  assertEquals([first.topic, first.payload[199]], ["left", 1]);
  assertEquals([second.topic, second.payload[199]], ["right", 2]);
});

Deno.test("new PacketDecoder() refuses options that make no sense", () => {
  for (const maximumPacketSize of [1, 1.5, NaN, 268_435_461]) {
    assertThrows(() => new PacketDecoder({ maximumPacketSize }), RangeError, "maximumPacketSize");
  }
  assertThrows(() => new PacketDecoder({ role: "toString" as "any" }), TypeError, "role");
});

Deno.test("MalformedPacketError says what, why and what to do", () => {
  const decoder = new PacketDecoder();
  decoder.push(new Uint8Array([0x36]));
  decoder.push(new Uint8Array([2, 0, 0]));
  const error = assertThrows(() => decoder.next());
  assertInstanceOf(error, MalformedPacketError);
  assertEquals(
    error.message,
    "Cannot decode the byte at offset 0: both QoS bits are set [MQTT-3.3.1-4]",
  );
  assertEquals(error.retryable, false);
});

function publish(topic: string, payload = new Uint8Array(0)): Uint8Array {
  return encodePacket({ type: "publish", topic, payload, qos: 0, retain: false, dup: false });
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}
