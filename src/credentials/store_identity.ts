/**
 * An identity as plain bytes, the moment before it is sealed and after it was opened.
 *
 *     length 4 | alias, in UTF-8     length 4 | private key     length 4 | certificate     …
 *
 * Plain bytes and no text, so that they can be filled with zeros when they have served.
 */
import { Identity } from "./identity.ts";

/** The caller fills it with zeros after use. */
export function encodeIdentity(identity: Identity): Uint8Array<ArrayBuffer> {
  const alias = new TextEncoder().encode(identity.alias ?? "");
  const parts = [alias, identity.privateKey, ...identity.certificateChain];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const part of parts) {
    view.setUint32(offset, part.length);
    bytes.set(part, offset + 4);
    offset += 4 + part.length;
  }
  return bytes;
}

/** Copies what it finds. The bytes were sealed by us, so they are as `encodeIdentity` left them. */
export function decodeIdentity(bytes: Uint8Array<ArrayBuffer>): Identity {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const end = offset + 4 + view.getUint32(offset);
    parts.push(bytes.slice(offset + 4, end));
    offset = end;
  }
  const [alias, privateKey, ...certificateChain] = parts;
  if (alias === undefined || privateKey === undefined) {
    // Only what encodeIdentity made and nobody changed gets here: the seal saw to that.
    throw new Error("Bug: a sealed identity has no private key");
  }
  const name = new TextDecoder().decode(alias);
  return Identity.from({ ...(name && { alias: name }), certificateChain, privateKey });
}

/** Whether two identities are the same credential: the same key and chain, whatever their aliases. */
export function isSameCredential(one: Identity, other: Identity): boolean {
  return sameBytes(one.privateKey, other.privateKey) &&
    one.certificateChain.length === other.certificateChain.length &&
    one.certificateChain.every((certificate, i) =>
      sameBytes(certificate, other.certificateChain[i])
    );
}

function sameBytes(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return one.length === other?.length && one.every((byte, i) => byte === other[i]);
}
