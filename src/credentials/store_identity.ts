/**
 * An identity as plain bytes, the moment before it is sealed and after it was opened.
 *
 *     length 4 | alias, in UTF-8     length 4 | private key     length 4 | certificate     …
 *
 * Plain bytes and no text, so that they can be filled with zeros when they have served.
 */
import { Identity } from "./identity.ts";
import { sameBytes } from "./same_bytes.ts";

/** How many bytes it makes. */
export function identityLength(identity: Identity): number {
  return partsOf(identity).reduce((sum, part) => sum + 4 + part.length, 0);
}

/** The caller fills it with zeros after use. */
export function encodeIdentity(identity: Identity): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(identityLength(identity));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const part of partsOf(identity)) {
    view.setUint32(offset, part.length);
    bytes.set(part, offset + 4);
    offset += 4 + part.length;
  }
  return bytes;
}

function partsOf({ alias = "", privateKey, certificateChain }: Identity): Uint8Array[] {
  return [new TextEncoder().encode(alias), privateKey, ...certificateChain];
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
