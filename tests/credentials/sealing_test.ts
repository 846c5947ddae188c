import { assert, assertEquals, assertFalse, assertNotEquals, assertRejects } from "@std/assert";
import {
  DEFAULT_COST,
  deriveWrappingKey,
  isAcceptableCost,
  LEAST_COST,
  randomBytes,
  Sealer,
  unwrapDataKey,
  wrapNewDataKey,
} from "../../src/credentials/sealing.ts";

const CONTEXT = new TextEncoder().encode("vault|hub.example|sensor-1|1");
const PLAIN = new TextEncoder().encode("a private key");

async function newSealer(): Promise<Sealer> {
  return new Sealer(
    await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
      "encrypt",
      "decrypt",
    ]),
  );
}

Deno.test("Sealer.open() returns what Sealer.seal() took", async () => {
  const sealer = await newSealer();
  assertEquals(await sealer.open(await sealer.seal(PLAIN, CONTEXT), CONTEXT), PLAIN);
});

Deno.test("Sealer.seal() never gives the same bytes twice", async () => {
  const sealer = await newSealer();
  assertNotEquals(await sealer.seal(PLAIN, CONTEXT), await sealer.seal(PLAIN, CONTEXT));
});

Deno.test("Sealer.open() refuses another context, another key, and every changed or missing byte", async () => {
  const sealer = await newSealer();
  const sealed = await sealer.seal(PLAIN, CONTEXT);
  assertEquals(await sealer.open(sealed, CONTEXT.subarray(1)), undefined);
  assertEquals(await (await newSealer()).open(sealed, CONTEXT), undefined);
  for (let i = 0; i < sealed.length; i++) {
    const changed = sealed.slice();
    changed[i] = (changed[i] ?? 0) ^ 1;
    assertEquals(await sealer.open(changed, CONTEXT), undefined);
    assertEquals(await sealer.open(sealed.slice(0, i), CONTEXT), undefined);
  }
});

Deno.test("unwrapDataKey() gives a key that cannot be exported", async () => {
  const wrappingKey = await deriveWrappingKey(PLAIN, { salt: randomBytes(16), cost: LEAST_COST });
  const wrapped = await wrapNewDataKey(wrappingKey, CONTEXT);
  const dataKey = await unwrapDataKey(wrapped, { wrappingKey, context: CONTEXT });
  assert(dataKey);
  await assertRejects(() => crypto.subtle.exportKey("raw", dataKey));
  await assertRejects(() => crypto.subtle.exportKey("raw", wrappingKey));
});

Deno.test("unwrapDataKey() refuses another passphrase, salt, cost or context", async () => {
  const right = { salt: randomBytes(16), cost: LEAST_COST };
  const wrapped = await wrapNewDataKey(await deriveWrappingKey(PLAIN, right), CONTEXT);
  const wrong = [
    await deriveWrappingKey(PLAIN.slice(1), right),
    await deriveWrappingKey(PLAIN, { ...right, salt: randomBytes(16) }),
    await deriveWrappingKey(PLAIN, { ...right, cost: { ...LEAST_COST, passes: 2 } }),
  ];
  for (const wrappingKey of wrong) {
    assertEquals(await unwrapDataKey(wrapped, { wrappingKey, context: CONTEXT }), undefined);
  }
  const wrappingKey = await deriveWrappingKey(PLAIN, right);
  assertEquals(await unwrapDataKey(wrapped, { wrappingKey, context: PLAIN }), undefined);
});

Deno.test("isAcceptableCost() takes 8 MiB to 1 GiB, 1 to 10 passes and 1 to 4 lanes", () => {
  const most = { memoryKiB: 1024 * 1024, passes: 10, parallelism: 4 };
  for (const cost of [LEAST_COST, DEFAULT_COST, most]) assert(isAcceptableCost(cost));
  for (const name of ["memoryKiB", "passes", "parallelism"] as const) {
    assertFalse(isAcceptableCost({ ...LEAST_COST, [name]: LEAST_COST[name] - 1 }));
    assertFalse(isAcceptableCost({ ...most, [name]: most[name] + 1 }));
    assertFalse(isAcceptableCost({ ...most, [name]: NaN }));
  }
});

Deno.test("DEFAULT_COST is 64 MiB, three passes, one lane", () => {
  assertEquals(DEFAULT_COST, { memoryKiB: 65536, passes: 3, parallelism: 1 });
});
