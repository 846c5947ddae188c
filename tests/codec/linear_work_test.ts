/**
 * However a stream is cut, decoding copies each byte a few times at most.
 *
 * Time would tell little; what is counted here is the bytes that go through the copying methods of typed arrays
 * while a stream is decoded. A decoder that copies the beginning of a packet again with each chunk would copy
 * half a million times as much.
 */

import { assert, assertEquals } from "@std/assert";
import { encodePacket, PacketDecoder, PacketReader } from "../../src/codec/mod.ts";
import { cut } from "../_kit/packet_generators/cut.ts";
import { concat } from "./_decode.ts";

const TypedArray = Object.getPrototypeOf(Uint8Array.prototype);
const COPIES_ALLOWED = 5;

/** How many bytes are copied while `run` runs. */
function countCopied(run: () => void): number {
  const { set, slice, copyWithin } = TypedArray;
  let copied = 0;
  TypedArray.set = function (this: Uint8Array, source: ArrayLike<number>, at?: number) {
    copied += source.length;
    return set.call(this, source, at);
  };
  TypedArray.slice = function (this: Uint8Array, start?: number, end?: number) {
    const copy = slice.call(this, start, end);
    copied += copy.length;
    return copy;
  };
  TypedArray.copyWithin = function (
    this: Uint8Array,
    to: number,
    start: number,
    end = this.length,
  ) {
    copied += end - start;
    return copyWithin.call(this, to, start, end);
  };
  try {
    run();
  } finally {
    Object.assign(TypedArray, { set, slice, copyWithin });
  }
  return copied;
}

function publish(size: number): Uint8Array {
  const payload = new Uint8Array(size);
  return encodePacket({ type: "publish", topic: "t", payload, qos: 0, retain: false, dup: false });
}

const STREAMS = {
  "one packet of 1 MiB": [publish(1024 * 1024 - 100)],
  "packets just small enough to be kept": Array(100).fill(publish(4000)),
  "packets just too large to be kept": Array(100).fill(publish(4200)),
  "small packets": Array(4000).fill(publish(60)),
  "a list of 100 000 return codes": [
    encodePacket({ type: "suback", packetId: 1, returnCodes: Array(100_000).fill(0) }),
  ],
};

for (const [name, packets] of Object.entries(STREAMS)) {
  const stream = concat(packets);
  for (const size of [1, 7, 4095, stream.length]) {
    Deno.test(`PacketDecoder copies ${name} a few times at most, cut every ${size} bytes`, () => {
      const decoder = new PacketDecoder();
      let count = 0;
      const copied = countCopied(() => {
        for (const chunk of cut(stream, [size])) {
          decoder.push(chunk);
          while (decoder.next()) count++;
        }
      });
      assertEquals(count, packets.length);
      assert(copied <= COPIES_ALLOWED * stream.length, `${copied} bytes of ${stream.length}`);
    });

    Deno.test(`PacketReader copies ${name} a few times at most, read ${size} bytes at a time`, () => {
      const reader = new PacketReader();
      let count = 0;
      const copied = countCopied(() => {
        for (let at = 0; at < stream.length;) {
          const space = reader.space();
          const piece = stream.subarray(at, at + Math.min(size, space.length));
          space.set(piece);
          at += piece.length;
          count += reader.commit(piece.length).length;
        }
      });
      reader.close();
      assertEquals(count, packets.length);
      assert(copied <= COPIES_ALLOWED * stream.length, `${copied} bytes of ${stream.length}`);
    });
  }
}
