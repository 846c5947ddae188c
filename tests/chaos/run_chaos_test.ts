import { assert, assertEquals } from "@std/assert";
import { Dice } from "../_kit/packet_generators/dice.ts";
import { type PromiseName, PROMISES } from "./ledger.ts";
import { describeOperation, nextOperation } from "./operations.ts";
import { runChaos } from "./run_chaos.ts";

Deno.test("runChaos() plays a moment of bad network with aedes, and every promise is kept", async () => {
  const { breaches, broker, counts } = await runChaos({
    ms: 300,
    seed: 1,
    clients: 3,
    broker: "aedes",
    isTls: false,
    promises: new Set(Object.keys(PROMISES) as PromiseName[]),
    patienceMs: 20_000,
  });
  assertEquals([breaches, broker], [[], "aedes"]);
  assert((counts.delivered ?? 0) > 0 && (counts.operations ?? 0) > 0);
});

Deno.test("nextOperation() is the same for the same seed", () => {
  const operations = (seed: number) => {
    const dice = new Dice(seed);
    return dice.list(200, () => describeOperation(nextOperation(dice, 7)));
  };
  assertEquals(operations(1), operations(1));
  assert(String(operations(1)) !== String(operations(2)));
  const kinds = new Set(operations(1).map((text) => text.split(" ")[0]));
  assert(kinds.has("publish") && kinds.has("subscribe") && kinds.has("pause"));
});
