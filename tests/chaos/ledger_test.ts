import { assertEquals } from "@std/assert";
import { Ledger, type PromiseName, PROMISES } from "./ledger.ts";

const ALL = new Set(Object.keys(PROMISES) as PromiseName[]);

/** The promises broken when these messages are reported delivered and those arrive. */
function broken(qos: 0 | 1 | 2, delivered: number[], arrived: number[]): string[] {
  const ledger = new Ledger();
  const stream = ledger.open("t", { qos, client: "c" });
  stream.delivered.push(...delivered);
  for (const number of arrived) ledger.arrived("t", number);
  return ledger.breaches(ALL).map(({ promise }) => promise);
}

Deno.test("Ledger.breaches() finds what was lost, repeated or overtaken", () => {
  assertEquals(broken(1, [1, 2, 3], [1, 2, 3]), []);
  assertEquals(broken(1, [1, 3], [1, 2, 3]), [], "what was not reported may arrive all the same");
  assertEquals(broken(1, [1, 2, 3], [1, 3]), ["arrive"]);
  assertEquals(broken(0, [1, 2, 3], [1]), [], "nothing is promised at QoS 0");
  assertEquals(broken(1, [1, 2], [1, 1, 2]), [], "QoS 1 may repeat");
  assertEquals(broken(2, [1, 2], [1, 1, 2]), ["once"]);
  assertEquals(broken(1, [1, 2], [1, 2, 1, 2]), [], "repetitions have no order");
  assertEquals(broken(1, [1, 2], [2, 1]), ["order"]);
  assertEquals(broken(2, [1, 2, 3, 4], [2, 2, 1]), ["arrive", "once", "order"]);
});

Deno.test("Ledger.breaches() blames no client for a broker that repeats and overtakes", () => {
  const ledger = new Ledger();
  const { delivered } = ledger.open("t", { qos: 2, client: "c", isOrderly: false });
  delivered.push(1, 2, 3);
  for (const number of [2, 1, 1]) ledger.arrived("t", number);
  assertEquals(ledger.breaches(ALL).map(({ promise }) => promise), ["arrive"]);
});

Deno.test("Ledger.breaches() tells only what was asked for, and whose it is", () => {
  const ledger = new Ledger();
  const stream = ledger.open("t", { qos: 2, client: "c7" });
  for (let n = 0; n < 8; n++) stream.delivered.push(stream.next());
  assertEquals(ledger.breaches(new Set(["once"])), []);
  assertEquals(ledger.breaches(new Set(["arrive"])), [{
    promise: "arrive",
    client: "c7",
    text: "t at QoS 2: #1, #2, #3, #4, #5 and 3 more reported delivered, never arrived",
  }]);
  assertEquals([ledger.isComplete, ledger.totals], [false, { delivered: 8, arrived: 0 }]);
  for (let n = 1; n <= 8; n++) ledger.arrived("t", n);
  ledger.arrived("nobody's", 1);
  assertEquals([ledger.isComplete, ledger.totals], [true, { delivered: 8, arrived: 8 }]);
});
