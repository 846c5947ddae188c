import { assert, assertEquals, assertThrows } from "@std/assert";
import { encodePacket, type Packet, PacketReader, PayloadPool } from "../../src/codec/mod.ts";
import { MalformedPacketError } from "../../src/errors.ts";
import { concat } from "./_decode.ts";
import { PUBLISH } from "./_packets.ts";
import { WELL_FORMED } from "./_vectors.ts";

/** Everything a cursor tells of the packets that a stream brings in reads of at most `size` bytes. */
function walk<T>(
  reader: PacketReader,
  { stream, size, tell }: {
    stream: Uint8Array;
    size: number;
    tell: (cursor: ReturnType<PacketReader["cursor"]>) => T;
  },
): T[] {
  const told: T[] = [];
  for (let at = 0; at < stream.length;) {
    const space = reader.space();
    const piece = stream.subarray(at, at + Math.min(size, space.length));
    space.set(piece);
    at += piece.length;
    const cursor = reader.cursor(piece.length);
    while (cursor.next()) told.push(tell(cursor));
  }
  return told;
}

function publish(payloadLength: number, index = 0): Packet {
  return {
    type: "publish",
    topic: `t/${index % 5}`,
    payload: new Uint8Array(payloadLength).map((_, at) => at + index),
    qos: 1,
    retain: index % 2 === 1,
    dup: index % 3 === 1,
    packetId: index + 1,
  };
}

const PUBLISHES = [0, 64, 3000, 64, 200_000, 1, 70_000, 5000, 64].map(publish);

Deno.test("PacketCursor.packet() is what commit() would have returned, for every type of packet", () => {
  const stream = concat(WELL_FORMED.map(({ bytes }) => bytes));
  for (const size of [1, 7, 1000]) {
    const packets = walk(new PacketReader(), { stream, size, tell: (cursor) => cursor.packet() });
    assertEquals(packets, WELL_FORMED.map(({ packet }) => packet));
  }
});

Deno.test("PacketCursor.topic is the name of a PUBLISH, and of any other packet empty", () => {
  const stream = concat(WELL_FORMED.map(({ bytes }) => bytes));
  const topics = walk(new PacketReader(), { stream, size: 1000, tell: (cursor) => cursor.topic });
  assertEquals(
    topics,
    WELL_FORMED.map(({ packet }) => packet.type === "publish" ? packet.topic : ""),
  );
});

Deno.test("PacketCursor tells type and packet identifier of every type of packet", () => {
  const stream = concat(WELL_FORMED.map(({ bytes }) => bytes));
  const told = walk(new PacketReader(), {
    stream,
    size: 1000,
    tell: ({ type, packetId }) => ({ type, packetId }),
  });
  assertEquals(
    told,
    WELL_FORMED.map(({ packet }) => ({
      type: packet.type,
      packetId: "packetId" in packet ? packet.packetId ?? 0 : 0,
    })),
  );
});

Deno.test("PacketCursor tells all of a PUBLISH, whatever each read brings", () => {
  const stream = concat(PUBLISHES.map(encodePacket));
  for (const size of [100, 2048, 5000, 1_000_000]) {
    const reader = new PacketReader();
    const told = walk(reader, {
      stream,
      size,
      tell: ({ type, topic, qos, retain, dup, packetId, payload }) => (
        { type, topic, payload: payload.slice(), qos, retain, dup, packetId } as Packet
      ),
    });
    assertEquals(told, PUBLISHES, `reads of ${size} bytes`);
    reader.close();
  }
});

Deno.test("PacketCursor.bytes holds the payload from payloadStart on", () => {
  const told = walk(new PacketReader(), {
    stream: concat(PUBLISHES.map(encodePacket)),
    size: 4000,
    tell: ({ bytes, payloadStart, payloadLength }) =>
      bytes.slice(payloadStart, payloadStart + payloadLength),
  });
  assertEquals(told, PUBLISHES.map((packet) => packet.type === "publish" ? packet.payload : null));
});

Deno.test("PacketCursor tells the topic that is too long to be kept", () => {
  const topic = "long/".repeat(1000);
  const packet: Packet = { ...publish(1), topic } as Packet;
  const told = walk(new PacketReader({ maximumPacketSize: 8000 }), {
    stream: encodePacket(packet),
    size: 8000,
    tell: (cursor) => cursor.topic,
  });
  assertEquals(told, [topic]);
});

Deno.test("PacketCursor goes on with more packets than a scan describes", () => {
  const stream = new Uint8Array(20_000).map((_, at) => at % 2 === 0 ? 0xd0 : 0);
  const reader = new PacketReader();
  assertEquals(
    walk(reader, { stream, size: 16_384, tell: (cursor) => cursor.type }).length,
    10_000,
  );
  reader.close();
});

Deno.test("PacketCursor stands where it stood though others decode and encode in between", () => {
  const stream = concat(PUBLISHES.map(encodePacket));
  const other = new PacketReader();
  const disturb = () => {
    const bytes = encodePacket({ type: "unsuback", packetId: 9 });
    other.space().set(bytes);
    other.commit(bytes.length);
  };
  const told = walk(new PacketReader(), {
    stream,
    size: 9000,
    tell: (cursor) => {
      const { packetId } = cursor;
      disturb();
      const packet = cursor.packet();
      disturb();
      assertEquals(cursor.packetId, packetId);
      disturb();
      return packet;
    },
  });
  assertEquals(told, PUBLISHES);
});

Deno.test("PacketCursor.packet() is not touched by what comes later", () => {
  const reader = new PacketReader();
  const packets = walk(reader, {
    stream: concat(PUBLISHES.map(encodePacket)),
    size: 3000,
    tell: (cursor) => cursor.packet(),
  });
  const pings = new Uint8Array(60_000).map((_, at) => at % 2 === 0 ? 0xd0 : 0);
  walk(reader, { stream: pings, size: 2048, tell: () => 0 });
  reader.close();
  assertEquals(packets, PUBLISHES);
});

Deno.test("PacketReader.space() refuses to go on while the cursor still has packets", () => {
  const reader = new PacketReader();
  reader.space().set([0xd0, 0, 0xd0, 0]);
  const cursor = reader.cursor(4);
  assert(cursor.next());
  assertThrows(() => reader.space(), TypeError, "Cannot read on: the cursor still has packets");
  assert(cursor.next());
  assertEquals(cursor.next(), false);
  assertEquals(cursor.next(), false);
  assert(reader.space().length > 0);
});

Deno.test("PacketCursor tells nothing before next() and after its end", () => {
  const reader = new PacketReader();
  reader.space().set([0xd0, 0]);
  const cursor = reader.cursor(2);
  const why = "Cannot tell of a packet: the cursor is on none";
  assertThrows(() => cursor.packet(), TypeError, why);
  cursor.next();
  cursor.next();
  for (const tell of [() => cursor.packet(), () => cursor.payload, () => cursor.topic]) {
    assertThrows(tell, TypeError, why);
  }
});

Deno.test("PacketCursor gives the packets before a malformed one, then space() throws", () => {
  const reader = new PacketReader({ role: "client" });
  reader.space().set([0xd0, 0, 0xd0, 0, 0xd1, 0]);
  const cursor = reader.cursor(6);
  assertEquals([cursor.next(), cursor.next(), cursor.next()], [true, true, false]);
  const error = assertThrows(() => reader.space(), MalformedPacketError);
  assertEquals([error.statement, error.offset], ["MQTT-2.2.2-2", 4]);
});

Deno.test("PacketCursor lets the pool use the buffer of a large packet again by itself", () => {
  const buffers = new Set<ArrayBufferLike>();
  const reader = new PacketReader({ pool: new PayloadPool() });
  const large = encodePacket(publish(100_000));
  walk(reader, {
    stream: concat([large, large, large, large]),
    size: 50_000,
    tell: ({ bytes }) => buffers.add(bytes.buffer),
  });
  assertEquals(buffers.size, 1);
  reader.close();
});

Deno.test("a PacketCursor goes on where it was, whatever is encoded meanwhile", () => {
  const ids = Array.from({ length: 4000 }, (_, index) => index + 1);
  const stream = concat(ids.map((packetId) => encodePacket({ type: "puback", packetId })));
  const told = walk(new PacketReader(), {
    stream,
    size: stream.length,
    tell: ({ packetId }) => {
      // Its topic is new, and as long as one may be.
      if (packetId % 500 === 1) {
        encodePacket({ ...PUBLISH, topic: `${packetId}`.padEnd(65_000) });
      }
      encodePacket({
        type: "subscribe",
        packetId,
        subscriptions: [{ topicFilter: "a/b", qos: 1 }],
      });
      return packetId;
    },
  });
  assertEquals(told, ids);
});
