import { createDecipheriv } from "node:crypto";

/** A block cipher in CBC mode: its name in `node:crypto`, and its sizes in bytes. */
export interface BlockCipher {
  name: "aes-128-ecb" | "aes-192-ecb" | "aes-256-ecb" | "des-ede3-cbc";
  keyLength: number;
  blockLength: number;
}

export const aes128: BlockCipher = { name: "aes-128-ecb", keyLength: 16, blockLength: 16 };
export const aes192: BlockCipher = { name: "aes-192-ecb", keyLength: 24, blockLength: 16 };
export const aes256: BlockCipher = { name: "aes-256-ecb", keyLength: 32, blockLength: 16 };
export const tripleDes: BlockCipher = { name: "des-ede3-cbc", keyLength: 24, blockLength: 8 };

/** A cipher and what it needs to decrypt one thing. */
export interface CipherKeys {
  cipher: BlockCipher;
  key: Uint8Array;
  iv: Uint8Array;
}

/**
 * Decrypts CBC and takes the padding off; `undefined` if there is no right padding, which means a wrong key.
 *
 * Deno's `node:crypto` has no `aes-192-cbc`, but has ECB for every size of AES; CBC is that and one XOR.
 */
export function decryptCbc(
  { cipher: { name, blockLength }, key, iv }: CipherKeys,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  if (ciphertext.length === 0 || ciphertext.length % blockLength !== 0) return undefined;
  const chained = name === "des-ede3-cbc";
  const decipher = createDecipheriv(name, key, chained ? iv : null).setAutoPadding(false);
  const plaintext = Uint8Array.from(decipher.update(ciphertext));
  if (!chained) {
    for (let i = 0; i < plaintext.length; i++) {
      const previous = i < blockLength ? iv[i] : ciphertext[i - blockLength];
      plaintext[i] = (plaintext[i] ?? 0) ^ (previous ?? 0);
    }
  }
  return withoutPadding(plaintext, blockLength);
}

/** PKCS#7 padding: 1 to a block's length of bytes, each of which says how many there are. */
function withoutPadding(plaintext: Uint8Array, blockLength: number): Uint8Array | undefined {
  const count = plaintext.at(-1) ?? 0;
  const isPadding = count >= 1 && count <= blockLength &&
    plaintext.subarray(-count).every((byte) => byte === count);
  if (isPadding) return plaintext.subarray(0, plaintext.length - count);
  plaintext.fill(0);
  return undefined;
}
