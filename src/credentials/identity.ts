/** The parts of an {@linkcode Identity}, as a plain object that crosses to a worker. */
export interface PlainIdentity {
  /** The friendly name it had in its file. */
  alias?: string;
  /** DER certificates, the device's own first, then each issuer; the root may be left out. */
  certificateChain: Uint8Array[];
  /** The private key of the first certificate, as unencrypted PKCS#8 DER. */
  privateKey: Uint8Array;
}

/**
 * Who a device is: its certificate chain and the private key of the first certificate.
 *
 * Printing, inspecting or serialising it to JSON shows no byte of it. A structured clone is the one
 * exception of the platform: it yields a plain object with the bytes in it, so rebuild the identity with
 * {@linkcode Identity.from} at once on the other side.
 *
 * @example An identity never shows its key
 * ```ts
 * import { Identity } from "@hubwire/hubwire/credentials";
 * import { assertEquals } from "@std/assert";
 *
 * const identity = Identity.from({ certificateChain: [], privateKey: new Uint8Array([1, 2, 3]) });
 * assertEquals(JSON.stringify(identity), '"[redacted identity]"');
 * ```
 */
export class Identity implements PlainIdentity {
  /** The friendly name it had in its file, if it had one. */
  declare readonly alias?: string;
  /** DER certificates, the device's own first, then each issuer. */
  readonly certificateChain: Uint8Array[];
  /** The private key, as unencrypted PKCS#8 DER. Fill it with zeros when it has served. */
  readonly privateKey: Uint8Array;

  private constructor(plain: PlainIdentity) {
    if (plain.alias !== undefined) this.alias = plain.alias;
    this.certificateChain = plain.certificateChain;
    this.privateKey = plain.privateKey;
  }

  /** Makes an identity of its plain parts, which it does not copy. */
  static from(plain: PlainIdentity): Identity {
    return new Identity(plain);
  }

  /** What `JSON.stringify` shows. */
  toJSON(): string {
    return "[redacted identity]";
  }

  /** What `console.log` and `Deno.inspect` show. */
  [Symbol.for("Deno.customInspect")](): string {
    return "[redacted identity]";
  }

  /** What Node's `util.inspect` shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[redacted identity]";
  }
}
