import { assertEquals, assertThrows } from "@std/assert";
import { DerError, parseElement } from "../../../src/credentials/der.ts";
import { derivePbeTripleDes } from "../../../src/credentials/pkcs12/pbe.ts";
import { fromHex } from "../../_kit/hex.ts";
import { integer, octets, sequence } from "../_der_builder.ts";
import { unlocking } from "./_locked.ts";

const salt = fromHex("0a58cf64530d823f");

Deno.test("derivePbeTripleDes() derives key and IV as OpenSSL does, and warns", () => {
  const locked = unlocking("smeg");
  const keys = derivePbeTripleDes(parseElement(sequence(octets(salt), integer(1))), locked);
  // openssl kdf -keylen 24 -kdfopt digest:SHA1 -kdfopt hexpass:0073006d006500670000 \
  //   -kdfopt hexsalt:0a58cf64530d823f -kdfopt iter:1 -kdfopt id:1 PKCS12KDF
  assertEquals(keys.key.toHex(), "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3");
  assertEquals(keys.iv.toHex(), "79993dfe048d3b76");
  assertEquals(locked.warnings.size, 1);
});

Deno.test("derivePbeTripleDes() refuses parameters that are none", () => {
  for (const wrong of [sequence(octets(salt)), sequence(octets(salt), integer(0)), integer(1)]) {
    assertThrows(() => derivePbeTripleDes(parseElement(wrong), unlocking()), DerError);
  }
});
