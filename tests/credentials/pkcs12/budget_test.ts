import { assertEquals } from "@std/assert";
import { WorkBudget } from "../../../src/credentials/pkcs12/budget.ts";
import { refusal } from "../_refusals.ts";

Deno.test("WorkBudget allows five million rounds, in one piece or in several", async () => {
  const one = new WorkBudget();
  one.spend(5_000_000, 1);
  await refusal("CREDENTIAL_LIMIT", () => one.spend(1, 1));
  const several = new WorkBudget();
  several.spend(1_000_000, 1);
  several.spend(500_000, 8);
  await refusal("CREDENTIAL_LIMIT", () => several.spend(1, 1));
});

Deno.test("WorkBudget names the count and the limit", async () => {
  const count = Number.MAX_SAFE_INTEGER;
  const error = await refusal("CREDENTIAL_LIMIT", () => new WorkBudget().spend(count, 8));
  assertEquals(
    error.why,
    `with its iteration count ${count} the work is above the limit of 5000000 rounds a file`,
  );
});
