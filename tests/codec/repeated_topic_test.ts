/** PUBLISH packets to the topic of the one before take a shorter way: it has to come to the same end. */

import { assertEquals } from "@std/assert";
import { encodePacket, type Packet, PacketDecoder } from "../../src/codec/mod.ts";
import { MalformedPacketError } from "../../src/errors.ts";
import { concat } from "./_decode.ts";
import { PUBLISH } from "./_packets.ts";

const TOPICS = ["a", "a/b", "t".repeat(15), "t".repeat(16), "t".repeat(17), "t".repeat(123)];
const OTHER = encodePacket({ ...PUBLISH, topic: "another topic" });

interface Outcome {
  packets: Packet[];
  refusal?: [statement: string, offset: number];
}

/** What becomes of bytes behind a PUBLISH. */
function behind(
  before: Uint8Array,
  bytes: Uint8Array,
  { maximumPacketSize = 1000, cut = 0 } = {},
): Outcome {
  const decoder = new PacketDecoder({ maximumPacketSize });
  const stream = concat([before, bytes]);
  decoder.push(stream.subarray(0, stream.length - cut));
  const packets: Packet[] = [];
  try {
    for (let packet = decoder.next(); packet; packet = decoder.next()) packets.push(packet);
    return { packets: packets.slice(1) };
  } catch (error) {
    if (!(error instanceof MalformedPacketError)) throw error;
    return { packets: packets.slice(1), refusal: [error.statement, error.offset - before.length] };
  }
}

/** The length in one byte, or in more than it needs. */
function* lengthFields(length: number): Generator<number[]> {
  yield length < 128 ? [length] : [length & 127 | 128, length >> 7];
  yield [length & 127 | 128, length >> 7];
  yield [length & 127 | 128, length >> 7 | 128, 0];
  yield [length & 127 | 128, length >> 7 | 128, 128, 0];
}

/** Every first byte, identifier and remaining length, right and wrong, and a good packet behind. */
function* variants(topic: string): Generator<Uint8Array> {
  const text = new TextEncoder().encode(topic);
  for (let first = 0x30; first < 0x40; first++) {
    for (const id of [0, 1, 256]) {
      const body = concat([
        new Uint8Array([0, text.length]),
        text,
        new Uint8Array([id >> 8, id & 255, 0x78]),
      ]);
      const lengths = [0, 1, 2, 3, body.length - 4, body.length - 3, body.length - 2];
      for (const length of [...lengths, body.length - 1, body.length, body.length + 1]) {
        for (const field of lengthFields(length)) {
          yield concat([new Uint8Array([first, ...field]), body, OTHER]);
        }
      }
    }
  }
}

Deno.test("PacketDecoder judges a PUBLISH the same whatever topic the one before had", () => {
  for (const topic of TOPICS) {
    const same = encodePacket({ ...PUBLISH, topic });
    for (const bytes of variants(topic)) {
      assertEquals(behind(same, bytes), behind(OTHER, bytes), `${topic} ${bytes.toHex()}`);
    }
  }
});

Deno.test("PacketDecoder waits for the end of a PUBLISH whatever topic the one before had", () => {
  for (const topic of TOPICS) {
    for (const qos of [0, 1] as const) {
      const packet = {
        ...PUBLISH,
        topic,
        qos,
        payload: new Uint8Array(3),
        ...(qos && { packetId: 7 }),
      };
      const bytes = encodePacket(packet as Packet);
      for (let cut = 0; cut <= bytes.length; cut++) {
        const outcome = behind(encodePacket({ ...PUBLISH, topic }), bytes, { cut });
        assertEquals(outcome, { packets: cut === 0 ? [packet as Packet] : [] });
      }
    }
  }
});

Deno.test("PacketDecoder refuses a PUBLISH that is too large whatever topic the one before had", () => {
  for (const topic of TOPICS) {
    for (const size of [20, 100, 300]) {
      const packet = { ...PUBLISH, topic, payload: new Uint8Array(size) };
      const bytes = encodePacket(packet);
      const before = encodePacket({ ...PUBLISH, topic });
      const maximumPacketSize = bytes.length;
      assertEquals(behind(before, bytes, { maximumPacketSize }), { packets: [packet] });
      assertEquals(behind(before, bytes, { maximumPacketSize: maximumPacketSize - 1 }), {
        packets: [],
        refusal: ["2.2.3", 1],
      });
    }
  }
});

Deno.test("PacketDecoder reads a long run of one topic with all that a PUBLISH can say", () => {
  const packets: Packet[] = Array.from({ length: 9000 }, (_, index) => {
    const qos = index % 3 as 0 | 1 | 2;
    const rest = qos ? { qos, dup: index % 2 > 0, packetId: index + 1 } : { qos };
    const payload = new Uint8Array(index % 300).fill(index);
    return { ...PUBLISH, topic: "run", payload, retain: index % 5 === 0, ...rest };
  });
  const decoder = new PacketDecoder();
  decoder.push(concat(packets.map(encodePacket)));
  for (const packet of packets) assertEquals(decoder.next(), packet);
  assertEquals(decoder.next(), undefined);
});

Deno.test("PacketDecoder takes nothing but a PUBLISH for one, whatever it looks like", () => {
  // A SUBACK whose identifier is the length of the topic before, and whose codes are the topic.
  const topic = "\u0001\u0002";
  const publish = concat([new Uint8Array([0x30, 4, 0, 2]), new TextEncoder().encode(topic)]);
  const suback: Packet = { type: "suback", packetId: 2, returnCodes: [1, 2] };
  assertEquals(behind(publish, encodePacket(suback)), { packets: [suback] });
});

/** Written here, as the encoder refuses control characters. */
function publishBytes(topic: string, payload: readonly number[], packetId?: number): Uint8Array {
  const text = new TextEncoder().encode(topic);
  const id = packetId === undefined ? [] : [packetId >> 8, packetId & 255];
  const body = [text.length >> 8, text.length & 255, ...text, ...id, ...payload];
  const length: number[] = [];
  for (let rest = body.length; rest > 0; rest >>= 7) {
    length.push(rest & 127 | (rest > 127 ? 128 : 0));
  }
  return new Uint8Array([packetId === undefined ? 0x30 : 0x32, ...length, ...body]);
}

Deno.test("PacketDecoder tells topics from whatever stands around them, which may look like them", () => {
  const topics = ["0", "2", "a", "x", "00", "0\u0005", "\u0001", "\u0002", "aa", "ax", "xa"];
  const payloads = [[], [0, 1], [0, 2], [0x61], [0x61, 0x61], [1, 1], [0x30, 0, 1], [
    0,
    1,
    0x30,
    5,
  ]];
  const packets = topics.flatMap((topic) =>
    payloads.flatMap((payload) =>
      [undefined, 1, 0x3061].map((packetId) => {
        const rest = packetId ? { qos: 1 as const, packetId } : {};
        const packet: Packet = { ...PUBLISH, topic, payload: new Uint8Array(payload), ...rest };
        return { packet, bytes: publishBytes(topic, payload, packetId) };
      })
    )
  );
  for (const before of packets) {
    const others = packets.filter(({ packet }) => packet !== before.packet);
    const stream = concat(others.flatMap(({ bytes }) => [before.bytes, bytes]));
    const decoder = new PacketDecoder();
    decoder.push(stream);
    for (const { packet } of others) {
      assertSamePublish(decoder.next(), before.packet);
      assertSamePublish(decoder.next(), packet);
    }
  }
});

/** As `assertEquals`, which takes too long for so many. */
function assertSamePublish(actual: Packet | undefined, expected: Packet): void {
  if (actual?.type !== "publish" || expected.type !== "publish") {
    return assertEquals(actual, expected);
  }
  const isSame = actual.topic === expected.topic && actual.packetId === expected.packetId &&
    actual.payload.length === expected.payload.length &&
    actual.payload.every((byte, at) => byte === expected.payload[at]);
  if (!isSame) assertEquals(actual, expected);
}

Deno.test("PacketDecoder is not misled by a topic of one byte over and over, whatever its length field", () => {
  for (const [letters, byte] of [[257, 1], [514, 2], [771, 3]] as const) {
    const topic = String.fromCharCode(byte).repeat(letters);
    for (const remaining of [letters + 2, letters + 3, 1024, 16_384, 16_389, 16_511, 16_512]) {
      const payload = Array(remaining - 2 - letters).fill(byte);
      const bytes = publishBytes(topic, payload);
      const decoder = new PacketDecoder();
      decoder.push(concat([bytes, bytes, bytes, OTHER]));
      const packet = { ...PUBLISH, topic, payload: new Uint8Array(payload) };
      for (let count = 0; count < 3; count++) assertSamePublish(decoder.next(), packet);
      assertEquals(decoder.next(), { ...PUBLISH, topic: "another topic" });
    }
  }
});
