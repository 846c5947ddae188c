import { assertEquals } from "@std/assert";
import fc from "fast-check";
import mqttPacket from "mqtt-packet";
import { Buffer } from "node:buffer";
import { encodePacket, type Packet, PacketDecoder } from "../../src/codec/mod.ts";
import { MalformedPacketError } from "../../src/errors.ts";
import { toHex } from "../_kit/hex.ts";
import { SEED } from "../_kit/seed.ts";
import { concat, decodeAll } from "./_decode.ts";

const RUNS = { seed: SEED, numRuns: 1500 };

// ── Any packet that may be sent ────────────────────────────────────────────────────────────────

const UNSAFE = /[\p{Cc}\p{Cs}\uFDD0-\uFDEF]|[\uFFFE\uFFFF]/u;
const text = fc.string({ unit: "grapheme", maxLength: 40 }).filter((value) => !UNSAFE.test(value));
const topic = text.filter((value) => value !== "" && !/[+#]/.test(value));
const level = fc.oneof(fc.constant("+"), topic.map((value) => value.replaceAll("/", "-")));
const filter = fc.tuple(fc.array(level, { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([levels, all]) => (all ? [...levels, "#"] : levels).join("/"));
const payload = fc.uint8Array({ maxLength: 300 });
const packetId = fc.integer({ min: 1, max: 65_535 });
const qos = fc.constantFrom(0, 1, 2);

const publish = fc.record({
  topic,
  payload,
  qos,
  retain: fc.boolean(),
  dup: fc.boolean(),
  packetId,
})
  .map((fields) => ({
    type: "publish",
    ...fields,
    dup: fields.qos > 0 && fields.dup,
    ...(fields.qos === 0 ? { packetId: undefined } : {}),
  }));

const connect = fc.record({
  clientId: text.filter((value) => value !== ""),
  cleanSession: fc.boolean(),
  keepAliveSeconds: fc.integer({ min: 0, max: 65_535 }),
  credentials: fc.option(fc.tuple(text, fc.option(payload, { nil: undefined })), {
    nil: undefined,
  }),
  will: fc.option(fc.record({ topic, payload, qos, retain: fc.boolean() }), { nil: undefined }),
}).map(({ credentials, ...fields }) => ({
  type: "connect",
  ...fields,
  username: credentials?.[0],
  password: credentials?.[1],
}));

const packet = fc.oneof(
  publish,
  connect,
  fc.record({
    type: fc.constant("connack"),
    sessionPresent: fc.boolean(),
    returnCode: fc.constant(0),
  }),
  fc.record({
    type: fc.constantFrom("puback", "pubrec", "pubrel", "pubcomp", "unsuback"),
    packetId,
  }),
  fc.record({
    type: fc.constant("subscribe"),
    packetId,
    subscriptions: fc.array(fc.record({ topicFilter: filter, qos }), { minLength: 1 }),
  }),
  fc.record({
    type: fc.constant("unsubscribe"),
    packetId,
    topicFilters: fc.array(filter, { minLength: 1 }),
  }),
  fc.record({
    type: fc.constant("suback"),
    packetId,
    returnCodes: fc.array(fc.constantFrom(0, 1, 2, 128), { minLength: 1 }),
  }),
  fc.record({ type: fc.constantFrom("pingreq", "pingresp", "disconnect") }),
).map((value) => withoutUndefined(value) as Packet);

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}

Deno.test("what encodePacket() writes PacketDecoder reads", () => {
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 12 }), (packets) => {
      assertEquals(decodeAll([concat(packets.map(encodePacket))]), packets);
    }),
    RUNS,
  );
});

Deno.test("any chunking gives the same packets", () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(fc.array(packet, { minLength: 1, maxLength: 8 }), cuts, (packets, sizes) => {
      const stream = concat(packets.map(encodePacket));
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < stream.length;) {
        const size = sizes[chunks.length % sizes.length] ?? 1;
        chunks.push(stream.subarray(at, at + size));
        at += size;
      }
      assertEquals(decodeAll(chunks), packets);
    }),
    RUNS,
  );
});

// ── Damaged packets ────────────────────────────────────────────────────────────────────────────

const damaged = fc.tuple(
  fc.array(packet, { minLength: 1, maxLength: 4 }),
  fc.array(
    fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.constantFrom("set", "cut", "insert")),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
).map(([packets, damages]) => {
  let bytes = concat(packets.map(encodePacket));
  for (const [position, value, kind] of damages) {
    const at = position % bytes.length;
    if (kind === "set") bytes[at] = value;
    else if (kind === "insert") {
      bytes = concat([bytes.subarray(0, at), new Uint8Array([value]), bytes.subarray(at)]);
    } else if (bytes.length > 1) bytes = concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
  }
  return bytes;
});

/** The packets of a stream, and where it was refused. */
function outcome(chunks: Iterable<Uint8Array>): unknown {
  const decoder = new PacketDecoder();
  const packets: Packet[] = [];
  for (const chunk of chunks) decoder.push(chunk);
  try {
    for (let next = decoder.next(); next; next = decoder.next()) packets.push(next);
    return { packets };
  } catch (error) {
    if (!(error instanceof MalformedPacketError)) throw error;
    return { packets, statement: error.statement, offset: error.offset };
  }
}

Deno.test("damaged bytes give packets or a MalformedPacketError, the same for any chunking", () => {
  fc.assert(
    fc.property(damaged, (bytes) => {
      const whole = outcome([bytes]);
      assertEquals(outcome(Array.from(bytes, (byte) => new Uint8Array([byte]))), whole);
    }),
    RUNS,
  );
});

Deno.test("what PacketDecoder accepts mqtt-packet reads the same", () => {
  fc.assert(
    fc.property(damaged, (bytes) => {
      const { packets } = outcome([bytes]) as { packets: Packet[] };
      const theirs = readWithMqttPacket(bytes).slice(0, packets.length);
      assertEquals(theirs, packets.map(essence));
    }),
    RUNS,
  );
});

/** What both codecs can be asked of a packet. */
function essence(decoded: Packet): unknown[] {
  if (decoded.type !== "publish") return [decoded.type];
  const { type, topic, payload, qos, retain, dup, packetId } = decoded;
  return [type, topic, toHex(payload), qos, retain, dup, packetId];
}

function readWithMqttPacket(bytes: Uint8Array): unknown[][] {
  const packets: unknown[][] = [];
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  parser.on("packet", (parsed) => {
    if (parsed.cmd !== "publish") return packets.push([parsed.cmd]);
    const { cmd, topic, payload, qos, retain, dup, messageId } = parsed;
    return packets.push([cmd, topic, toHex(payload as Uint8Array), qos, retain, dup, messageId]);
  });
  // It goes on to where ours stopped, or stops later: only what ours accepted is compared.
  parser.on("error", () => {});
  parser.parse(Buffer.from(bytes));
  return packets;
}
