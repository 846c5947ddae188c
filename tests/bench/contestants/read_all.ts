import { READ_SIZE, type Stream } from "../corpus.ts";

/** What readers have in common. */
interface Reader {
  space(): Uint8Array;
}

/** Reads a stream as a read loop does, copying included; `take` takes so many bytes in and sums up what came out. */
export function readAll(
  stream: Stream,
  { reader, take }: { reader: Reader; take: (count: number) => number },
): number {
  let sum = 0;
  for (const piece of stream.pieces) {
    for (let at = 0; at < piece.length;) {
      const space = reader.space();
      const count = Math.min(space.length, READ_SIZE, piece.length - at);
      space.set(count === piece.length ? piece : piece.subarray(at, at + count));
      sum += take(count);
      at += count;
    }
  }
  return sum;
}
