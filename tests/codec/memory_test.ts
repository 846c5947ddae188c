/** What decoding holds on to: nothing that grows with the packets. */

import { assert, assertEquals } from "@std/assert";
import { encodePacket, PacketDecoder, PacketReader } from "../../src/codec/mod.ts";
import { memory } from "../../src/codec/wasm.ts";
import { heldBytes } from "../_kit/held_bytes.ts";
import { concat } from "./_decode.ts";

const PACKETS = 10_000_000;
const TOPICS = 300_000;
/** An eighth of a byte for each packet, four for each topic. */
const LARGEST_GROWTH = 1024 * 1024;

function publish(topic: string, packetId: number): Uint8Array {
  const payload = new Uint8Array(packetId % 7);
  return encodePacket({
    type: "publish",
    topic,
    payload,
    qos: 1,
    retain: false,
    dup: false,
    packetId,
  });
}

/** Small packets, of 4 to 18 bytes: every other one is an acknowledgement. */
const stream = concat(Array.from({ length: 4000 }, (_, index) => {
  const packetId = index + 1;
  if (index % 2 === 0) return encodePacket({ type: "puback", packetId });
  return publish(`t/${index % 100}`, packetId);
}));

/** Reads the stream over and over until so many packets came; `take` answers how many a read brought. */
function readPackets(reader: PacketReader, count: number, take: (read: number) => number): void {
  for (let taken = 0; taken < count;) {
    for (let at = 0; at < stream.length;) {
      const space = reader.space();
      const piece = stream.subarray(at, at + space.length);
      space.set(piece);
      at += piece.length;
      taken += take(piece.length);
    }
  }
}

/** Whatever is made once is there after the first tenth. */
function checkGrowth(run: (share: number) => void): void {
  const size = memory.length;
  run(0.1);
  const before = heldBytes();
  run(0.9);
  const growth = heldBytes() - before;
  assert(growth < LARGEST_GROWTH, `it holds ${growth} bytes more`);
  assertEquals(memory.length, size);
}

Deno.test("PacketReader.cursor() holds no more after ten million packets", () => {
  const reader = new PacketReader({ role: "client" });
  checkGrowth((share) =>
    readPackets(reader, PACKETS * share, (read) => {
      let count = 0;
      for (const cursor = reader.cursor(read); cursor.next();) count++;
      return count;
    })
  );
  reader.close();
});

Deno.test("PacketReader.commit() holds no more after ten million packets", () => {
  const reader = new PacketReader({ role: "client" });
  checkGrowth((share) =>
    readPackets(reader, PACKETS * share, (read) => reader.commit(read).length)
  );
  reader.close();
});

Deno.test("PacketDecoder holds no more after hundreds of thousands of topics", () => {
  const decoder = new PacketDecoder({ role: "client" });
  let made = 0;
  checkGrowth((share) => {
    for (const end = made + TOPICS * share; made < end; made++) {
      decoder.push(publish(`a/topic/that/comes/once/${made}`, 1));
      assert(decoder.next());
      assertEquals(decoder.next(), undefined);
    }
  });
});

Deno.test("PacketDecoder keeps no packet that was taken, though nobody asks for more than there are", () => {
  const decoder = new PacketDecoder();
  const packet = publish("t/1", 1);
  checkGrowth((share) => {
    for (let i = 0; i < 500_000 * share; i++) {
      decoder.push(packet);
      assert(decoder.next());
    }
  });
});
