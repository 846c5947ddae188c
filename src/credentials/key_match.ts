import { Buffer } from "node:buffer";
import { createPublicKey, type KeyObject } from "node:crypto";

/**
 * The public half of a key in the one form that all its spellings share (a point may be compressed, parameters may
 * be absent), or `undefined` for a kind of key that this runtime does not know.
 */
export function publicKeyId(key: KeyObject | Uint8Array): string | undefined {
  const open = key instanceof Uint8Array ? readPublicKey(key) : createPublicKey(key);
  return open?.export({ format: "der", type: "spki" }).toString("base64");
}

/** Opens a SubjectPublicKeyInfo; `undefined` for a kind of key that this runtime does not know. */
export function readPublicKey(info: Uint8Array): KeyObject | undefined {
  const key = Buffer.from(info.buffer, info.byteOffset, info.length);
  try {
    return createPublicKey({ key, format: "der", type: "spki" });
  } catch {
    // The runtime has no class of its own for this, and which kinds it knows is all that is asked here.
    return undefined;
  }
}
