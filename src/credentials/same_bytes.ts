/** Whether two byte sequences are the same; not for secrets that an attacker may guess at. */
export function sameBytes(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return one.length === other?.length && one.every((byte, i) => byte === other[i]);
}
