/** `readPfx` under random changes: it reads what it read before, or refuses with a `CredentialError`. */
import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import fc from "fast-check";
import { SEED } from "../_kit/seed.ts";
import { CredentialError } from "../../src/errors.ts";
import { readPfx } from "../../src/credentials/read_pfx.ts";
import { certificateMatchesKey } from "../../src/credentials/certificate.ts";
import { deviceKey, password, pfx } from "./_fixtures.ts";

/** Asserts that whatever comes out is right, and that nothing else than a refusal is thrown. */
async function assertRightOrRefused(file: Uint8Array): Promise<void> {
  try {
    const { identities } = await readPfx(file, password, { allowNoMac: true });
    for (const { certificateChain: [leaf], privateKey } of identities) {
      assert(leaf);
      assertEquals(privateKey, deviceKey());
      assert(certificateMatchesKey(leaf, privateKey));
    }
  } catch (error) {
    assertInstanceOf(error, CredentialError);
  }
}

const masks = fc.integer({ min: 1, max: 255 });

for (const fixture of ["device", "unencrypted", "no_mac", "no_iterations", "triple_des"]) {
  const file = pfx(fixture);
  const change = fc.tuple(fc.nat(file.length - 1), masks);

  Deno.test(`readPfx() reads ${fixture}.pfx right or refuses it, whatever bytes are changed`, async () => {
    const property = fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 3 }),
      async (changes) => {
        const mutated = file.slice();
        for (const [at, mask] of changes) mutated[at] = (mutated[at] ?? 0) ^ mask;
        await assertRightOrRefused(mutated);
      },
    );
    await fc.assert(property, { seed: SEED, numRuns: 300 });
  });

  Deno.test(`readPfx() reads ${fixture}.pfx right or refuses it, whatever is cut out or put in`, async () => {
    const splice = fc.tuple(fc.nat(file.length), fc.nat(40), fc.uint8Array({ maxLength: 40 }));
    const property = fc.asyncProperty(splice, async ([at, count, inserted]) => {
      const mutated = [...file];
      mutated.splice(at, count, ...inserted);
      await assertRightOrRefused(Uint8Array.from(mutated));
    });
    await fc.assert(property, { seed: SEED, numRuns: 100 });
  });
}

Deno.test("readPfx() refuses random bytes", async () => {
  const property = fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
    await assertRightOrRefused(Uint8Array.of(0x30, 0x80, 2, 1, 3, ...bytes, 0, 0));
  });
  await fc.assert(property, { seed: SEED, numRuns: 500 });
});
