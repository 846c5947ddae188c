import { assertEquals } from "@std/assert";
import { EventLog, printable, quote } from "../../src/emulator/event_log.ts";

Deno.test("EventLog.add() stamps each event with the hub's own time", async () => {
  let seconds = 0;
  const log = new EventLog(() => new Date(1000 * ++seconds));
  log.add({ type: "notice", deviceId: "d", why: "first" });
  log.add({ type: "notice", deviceId: "d", why: "second" });
  log.end();
  const times = (await Array.fromAsync(log.read())).map(({ at }) => at.getTime());
  assertEquals(times, [1000, 2000]);
});

Deno.test("printable() and quote() leave no control character and no end of text", () => {
  assertEquals(printable("a\u001b[31m\n\u009bü"), "a\ufffd[31m\ufffd\ufffdü");
  assertEquals(quote("a\n"), '"a\ufffd"');
  assertEquals(printable("x".repeat(70_000)).length, 257);
});
