/**
 * Sealing bytes to the place they belong: Argon2id for the passphrase, AES-256-GCM for everything else.
 *
 *     passphrase ──Argon2id(salt, cost)──▶ key-encryption key ──AES-GCM──▶ random data key ──AES-GCM──▶ parts
 *
 * Every seal has a random 96-bit nonce, and covers the address of what it seals: a part that is moved to
 * another store, host, device or version no longer opens. Both keys are `CryptoKey`s that cannot be exported,
 * save for the instant in which a new data key is wrapped.
 */

/** What guessing a passphrase costs, as Argon2id counts it (RFC 9106). */
export interface KdfCost {
  /** Memory in KiB. */
  memoryKiB: number;
  /** Passes over that memory. */
  passes: number;
  /** Lanes. */
  parallelism: number;
}

/** The cost of a new store: about 150 ms and 64 MiB. */
export const DEFAULT_COST: KdfCost = { memoryKiB: 64 * 1024, passes: 3, parallelism: 1 };

/** The least cost that is accepted. */
export const LEAST_COST: KdfCost = { memoryKiB: 8 * 1024, passes: 1, parallelism: 1 };

const HIGHEST_COST: KdfCost = { memoryKiB: 1024 * 1024, passes: 10, parallelism: 4 };

/** Whether a cost is worth its name and still bounded: a store must not make us work for hours. */
export function isAcceptableCost(cost: KdfCost): boolean {
  return (["memoryKiB", "passes", "parallelism"] as const)
    .every((name) => cost[name] >= LEAST_COST[name] && cost[name] <= HIGHEST_COST[name]);
}

/** The bytes of one random salt, nonce or id. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** By how much bytes grow when they are sealed. */
export const SEAL_BYTES: number = NONCE_BYTES + TAG_BYTES;

const AES_256 = { name: "AES-GCM", length: 256 };

/** Makes of a passphrase the key that wraps the data key. */
export async function deriveWrappingKey(
  secret: Uint8Array<ArrayBuffer>,
  options: { salt: Uint8Array<ArrayBuffer>; cost: KdfCost },
): Promise<CryptoKey> {
  const { memoryKiB: memory, passes, parallelism } = options.cost;
  const argon2id = { name: "Argon2id", nonce: options.salt, memory, passes, parallelism };
  const material = await crypto.subtle.importKey("raw-secret", secret, "Argon2id", false, [
    "deriveKey",
  ]);
  return await crypto.subtle.deriveKey(argon2id, material, AES_256, false, [
    "wrapKey",
    "unwrapKey",
  ]);
}

/** A new random data key, wrapped, as `nonce | wrapped key`. */
export async function wrapNewDataKey(
  wrappingKey: CryptoKey,
  context: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const dataKey = await crypto.subtle.generateKey(AES_256, true, ["encrypt", "decrypt"]);
  const nonce = randomBytes(NONCE_BYTES);
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: context };
  return concat(nonce, await crypto.subtle.wrapKey("raw", dataKey, wrappingKey, algorithm));
}

/** The data key; `undefined` if the wrapping key or any bit of wrapped key or context is not the right one. */
export async function unwrapDataKey(
  wrapped: Uint8Array<ArrayBuffer>,
  options: { wrappingKey: CryptoKey; context: Uint8Array<ArrayBuffer> },
): Promise<CryptoKey | undefined> {
  const algorithm = {
    name: "AES-GCM",
    iv: wrapped.subarray(0, NONCE_BYTES),
    additionalData: options.context,
  };
  return await unlessRefused(() =>
    crypto.subtle.unwrapKey(
      "raw",
      wrapped.subarray(NONCE_BYTES),
      options.wrappingKey,
      algorithm,
      AES_256,
      false,
      ["encrypt", "decrypt"],
    )
  );
}

/** Seals bytes, and opens them again, with the data key of one store. */
export class Sealer {
  #dataKey: CryptoKey;

  /** The data key is never exported from here. */
  constructor(dataKey: CryptoKey) {
    this.#dataKey = dataKey;
  }

  /** `nonce | ciphertext and tag`. It opens only with the same context. */
  async seal(
    plain: Uint8Array<ArrayBuffer>,
    context: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const iv = randomBytes(NONCE_BYTES);
    const algorithm = { name: "AES-GCM", iv, additionalData: context };
    return concat(iv, await crypto.subtle.encrypt(algorithm, this.#dataKey, plain));
  }

  /** The bytes that were sealed; `undefined` if a bit of them or of their context has changed. */
  async open(
    sealed: Uint8Array<ArrayBuffer>,
    context: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (sealed.length < NONCE_BYTES) return undefined;
    const iv = sealed.subarray(0, NONCE_BYTES);
    const algorithm = { name: "AES-GCM", iv, additionalData: context };
    const plain = await unlessRefused(() =>
      crypto.subtle.decrypt(algorithm, this.#dataKey, sealed.subarray(NONCE_BYTES))
    );
    return plain && new Uint8Array(plain);
  }
}

/** Web Crypto answers a wrong tag with `OperationError`: that is an answer, anything else a failure. */
async function unlessRefused<T>(decrypt: () => Promise<T>): Promise<T | undefined> {
  try {
    return await decrypt();
  } catch (error) {
    if (error instanceof DOMException && error.name === "OperationError") return undefined;
    throw error;
  }
}

function concat(head: Uint8Array, tail: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(head.length + tail.byteLength);
  whole.set(head);
  whole.set(new Uint8Array(tail), head.length);
  return whole;
}
