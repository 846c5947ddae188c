import { assertEquals, assertRejects } from "@std/assert";
import { connackDeadline } from "../../src/cli/connack_deadline.ts";
import { DeviceClient } from "../../src/hub/mod.ts";
import { DeadlineError } from "../../src/errors.ts";
import { memoryPair, type Transport } from "../../src/transport/mod.ts";

const silent: Transport = {
  address: "hub.example:8883",
  connect: () => Promise.resolve(memoryPair()[0]),
};
const device = { host: "hub.example", deviceId: "dev-1" };

Deno.test("connackDeadline() ends the wait for a hub that does not answer CONNECT", async () => {
  const { signal } = new AbortController();
  using attempt = connackDeadline(silent, { deadlineMs: 20, signal });
  const connecting = DeviceClient.connect({ ...device, ...attempt });
  const error = await assertRejects(() => connecting, DeadlineError);
  assertEquals([error.phase, error.deadlineMs], ["connack", 20]);
});

Deno.test("connackDeadline() passes an interruption on", async () => {
  const controller = new AbortController();
  using attempt = connackDeadline(silent, { deadlineMs: 60_000, signal: controller.signal });
  const connecting = DeviceClient.connect({ ...device, ...attempt });
  controller.abort(new Error("enough"));
  await assertRejects(() => connecting, Error, "enough");
});
