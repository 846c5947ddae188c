/**
 * Slots of the codec's memory that a busy connection leases, to read into and to write from. There are few:
 * whoever gets none works in memory of its own and pays one copy more.
 */

import { memory, SLOT_COUNT, SLOT_SIZE, SLOTS } from "./wasm.ts";

/** A slice of the codec's memory that belongs to its holder until it is given back. */
export interface Slot {
  /** Address of its first byte. */
  readonly address: number;
  /** All of it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const free: Slot[] = Array.from({ length: SLOT_COUNT }, (_, index) => {
  const address = SLOTS + (SLOT_COUNT - 1 - index) * SLOT_SIZE;
  return { address, bytes: memory.subarray(address, address + SLOT_SIZE) };
});

/** A free slot, or `undefined` when all are leased. */
export function leaseSlot(): Slot | undefined {
  return free.pop();
}

/** Gives a slot back; its holder must not touch it again. */
export function returnSlot(slot: Slot): void {
  free.push(slot);
}
