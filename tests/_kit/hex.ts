/** Bytes of a hex string; spaces are for the eye. */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromHex(hex.replaceAll(" ", ""));
}

/** Hex of bytes, upper case. */
export function toHex(bytes: Uint8Array): string {
  return bytes.toHex().toUpperCase();
}
