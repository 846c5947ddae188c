import { assertEquals, assertThrows } from "@std/assert";
import { DerError, parseElement } from "../../../src/credentials/der.ts";
import {
  algorithmName,
  cipherIds,
  digestIds,
  hmacIds,
  readAlgorithm,
} from "../../../src/credentials/pkcs12/algorithms.ts";
import { integer, oid, sequence } from "../_der_builder.ts";

Deno.test("readAlgorithm() reads a name with parameters and without", () => {
  const bare = readAlgorithm(parseElement(sequence(oid("1.2.3"))));
  assertEquals(bare, { id: "1.2.3", parameters: undefined });
  const full = readAlgorithm(parseElement(sequence(oid("1.2.3"), integer(7))));
  assertEquals(full.parameters?.encoded, integer(7));
});

Deno.test("readAlgorithm() refuses what has no name", () => {
  for (const wrong of [sequence(), sequence(integer(1)), integer(1)]) {
    assertThrows(() => readAlgorithm(parseElement(wrong)), DerError);
  }
});

Deno.test("algorithmName() knows the old ciphers and gives others their number", () => {
  assertEquals(algorithmName("1.2.840.113549.1.12.1.6"), "RC2 with 40 bits");
  assertEquals(algorithmName("1.2.3"), "the algorithm 1.2.3");
});

Deno.test("digestIds and hmacIds know the same five hashes", () => {
  const all = ["sha1", "sha224", "sha256", "sha384", "sha512"];
  assertEquals([...digestIds.values()], all);
  assertEquals([...hmacIds.values()], all);
});

Deno.test("cipherIds knows AES in every size and Triple DES", () => {
  assertEquals([...cipherIds.values()].map(({ keyLength }) => keyLength), [16, 24, 32, 24]);
});
