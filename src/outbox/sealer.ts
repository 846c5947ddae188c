const NONCE_BYTES = 12;
const KEY_BYTES = 32;

/** Seals bytes with AES-256-GCM as `nonce | ciphertext and tag`, each to its place. */
export class Sealer {
  readonly #key: Promise<CryptoKey>;

  /** @throws {RangeError} If the key has not 32 bytes. */
  constructor(key: Uint8Array) {
    if (key.length !== KEY_BYTES) {
      throw new RangeError(
        `Cannot seal with a key of ${key.length} bytes: it must have ${KEY_BYTES}`,
      );
    }
    // A copy is taken before this returns; nobody can get the bytes out of a CryptoKey.
    this.#key = crypto.subtle.importKey("raw", key.slice(), "AES-GCM", false, [
      "encrypt",
      "decrypt",
    ]);
  }

  /** Opens only with the same context. */
  async seal(
    plain: Uint8Array<ArrayBuffer>,
    context: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const algorithm = { name: "AES-GCM", iv, additionalData: context };
    const sealed = await crypto.subtle.encrypt(algorithm, await this.#key, plain);
    const whole = new Uint8Array(NONCE_BYTES + sealed.byteLength);
    whole.set(iv);
    whole.set(new Uint8Array(sealed), NONCE_BYTES);
    return whole;
  }

  /** `undefined` if a bit of the bytes, the context or the key is not the right one. */
  async open(
    sealed: Uint8Array<ArrayBuffer>,
    context: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const iv = sealed.subarray(0, NONCE_BYTES);
    const algorithm = { name: "AES-GCM", iv, additionalData: context };
    try {
      const key = await this.#key;
      const plain = await crypto.subtle.decrypt(algorithm, key, sealed.subarray(NONCE_BYTES));
      return new Uint8Array(plain);
    } catch (error) {
      // Web Crypto's word for a wrong tag, and for bytes too few to have one.
      if (error instanceof DOMException && error.name === "OperationError") return undefined;
      throw error;
    }
  }
}
