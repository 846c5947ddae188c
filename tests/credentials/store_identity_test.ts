import { assert, assertEquals, assertFalse, assertNotStrictEquals } from "@std/assert";
import { Identity } from "../../src/credentials/identity.ts";
import {
  decodeIdentity,
  encodeIdentity,
  isSameCredential,
} from "../../src/credentials/store_identity.ts";

const PLAIN = {
  alias: "pump é",
  certificateChain: [new Uint8Array([1, 2, 3]), new Uint8Array([4])],
  privateKey: new Uint8Array([9, 8, 7]),
};

function parts({ alias, certificateChain, privateKey }: Identity) {
  return { alias, certificateChain, privateKey };
}

Deno.test("decodeIdentity() returns what encodeIdentity() took", () => {
  const { alias: _alias, ...nameless } = PLAIN;
  for (const plain of [PLAIN, nameless, { ...nameless, certificateChain: [] }]) {
    const decoded = decodeIdentity(encodeIdentity(Identity.from(plain)));
    assertEquals(parts(decoded), parts(Identity.from(plain)));
  }
});

Deno.test("decodeIdentity() copies, so that its source can be filled with zeros", () => {
  const bytes = encodeIdentity(Identity.from(PLAIN));
  const decoded = decodeIdentity(bytes);
  bytes.fill(0);
  assertEquals(parts(decoded), PLAIN);
  assertNotStrictEquals(decoded.privateKey.buffer, bytes.buffer);
});

Deno.test("isSameCredential() compares key and chain, and no alias", () => {
  const identity = Identity.from(PLAIN);
  const [leaf = new Uint8Array(), issuer = new Uint8Array()] = PLAIN.certificateChain;
  assert(isSameCredential(identity, Identity.from({ ...PLAIN, alias: "other" })));
  const others = [
    { privateKey: new Uint8Array([9, 8, 6]) },
    { privateKey: new Uint8Array([9, 8]) },
    { certificateChain: [leaf] },
    { certificateChain: [leaf, issuer, issuer] },
    { certificateChain: [leaf, new Uint8Array([5])] },
    { certificateChain: [issuer, leaf] },
  ];
  for (const other of others) {
    assertFalse(isSameCredential(identity, Identity.from({ ...PLAIN, ...other })));
    assertFalse(isSameCredential(Identity.from({ ...PLAIN, ...other }), identity));
  }
});
