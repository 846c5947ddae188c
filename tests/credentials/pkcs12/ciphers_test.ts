import { assertEquals } from "@std/assert";
import { createCipheriv } from "node:crypto";
import {
  aes128,
  aes192,
  aes256,
  decryptCbc,
  tripleDes,
} from "../../../src/credentials/pkcs12/ciphers.ts";
import { fromHex } from "../../_kit/hex.ts";

// NIST SP 800-38A sections F.2.1, F.2.3 and F.2.5: two blocks. A third one below ends in right padding.
const iv = fromHex("000102030405060708090a0b0c0d0e0f");
const vectors = [
  [
    aes128,
    "2b7e151628aed2a6abf7158809cf4f3c",
    "7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2",
  ],
  [
    aes192,
    "8e73b0f7da0e6452c810f32b809079e5 62f8ead2522c6b7b",
    "4f021db243bc633d7178183a9fa071e8 b4d9ada9ad7dedf4e5e738763f69145a",
  ],
  [
    aes256,
    "603deb1015ca71be2b73aef0857d7781 1f352c073b6108d72d9810a30914dff4",
    "f58c4c04d6e5f1ba779eabfb5f7bfbd6 9cfc4e967edb808d679f777bc6702c7d",
  ],
] as const;
const plain = fromHex("6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51");

for (const [cipher, key, expected] of vectors) {
  Deno.test(`decryptCbc() with ${cipher.name} agrees with NIST, block after block`, () => {
    const ciphertext = fromHex(expected);
    const keys = { cipher, key: fromHex(key), iv };
    // The last block of padding, encrypted by the runtime in the one mode that it has for every size.
    const last = createCipheriv(cipher.name, keys.key, null).setAutoPadding(false)
      .update(ciphertext.slice(16).map((byte) => byte ^ 16));
    assertEquals(decryptCbc(keys, Uint8Array.from([...ciphertext, ...last])), plain);
  });
}

Deno.test("decryptCbc() with Triple DES takes off what the runtime put on", () => {
  const keys = { cipher: tripleDes, key: new Uint8Array(24).map((_, i) => i), iv: iv.subarray(8) };
  for (let length = 0; length <= 17; length++) {
    const cipher = createCipheriv("des-ede3-cbc", keys.key, keys.iv);
    const text = plain.subarray(0, length);
    const ciphertext = Uint8Array.from([...cipher.update(text), ...cipher.final()]);
    assertEquals(decryptCbc(keys, ciphertext), text);
  }
});

Deno.test("decryptCbc() has no answer to a wrong padding", () => {
  const key = new Uint8Array(24);
  const encrypt = (block: number[]) =>
    Uint8Array.from(
      createCipheriv("des-ede3-cbc", key, new Uint8Array(8)).setAutoPadding(false)
        .update(Uint8Array.from(block)),
    );
  const decrypt = (block: number[]) =>
    decryptCbc({ cipher: tripleDes, key, iv: new Uint8Array(8) }, encrypt(block));
  assertEquals(decrypt([1, 2, 3, 4, 5, 3, 3, 3]), Uint8Array.of(1, 2, 3, 4, 5));
  assertEquals(decrypt([8, 8, 8, 8, 8, 8, 8, 8]), new Uint8Array());
  for (const last of [[2, 3, 3], [3, 3, 0], [9, 9, 9], [255, 255, 255]]) {
    assertEquals(decrypt([1, 2, 3, 4, 5, ...last]), undefined);
  }
});

Deno.test("decryptCbc() has no answer to nothing and to a part of a block", () => {
  const keys = { cipher: aes128, key: new Uint8Array(16), iv };
  for (const length of [0, 1, 15, 17]) {
    assertEquals(decryptCbc(keys, new Uint8Array(length)), undefined);
  }
});
