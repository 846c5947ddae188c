import { allocateBytes } from "../../../src/codec/slab.ts";
import type { PlainStream } from "./plain_stream.ts";

/** Bytes that nobody writes to any more; the first is byte `base` of the stream's source. */
export interface OwnedBytes {
  owned: Uint8Array<ArrayBuffer>;
  base: number;
}

/** Bytes `[start, end)` of the source: one copy serves all payloads of a batch, a large packet needs none. */
export function ownBytes(stream: PlainStream, start: number, end: number): OwnedBytes {
  const { array } = stream.source;
  if (stream.isSourceOwned) return { owned: array, base: 0 };
  const owned = allocateBytes(end - start);
  owned.set(array.subarray(start, end));
  return { owned, base: start };
}
