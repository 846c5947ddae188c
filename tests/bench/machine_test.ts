import { assert, assertEquals } from "@std/assert";
import { describeMachine, versionsOf } from "./machine.ts";

Deno.test("describeMachine() knows at least the cores and the memory", async () => {
  const { cores, memoryGiB, processor } = await describeMachine();
  assert(cores >= 1 && memoryGiB >= 0 && processor.length > 0);
});

Deno.test("versionsOf() tells of the runtime and of what deno.json pins, with a scope and without", () => {
  const imports = { "@a/b": "npm:@a/b@1.2.3", c: "npm:c@4.5.6" };
  assertEquals(versionsOf(imports, ["@a/b", "c", "d"]), {
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    "@a/b": "1.2.3",
    c: "4.5.6",
    d: "unknown",
  });
});
