import { assert, assertEquals, assertFalse } from "@std/assert";
import {
  deviceboundQos,
  type GrantedSubscription,
  SessionStore,
} from "../../src/emulator/session_store.ts";

const filter = "devices/d/messages/devicebound/#";

Deno.test("SessionStore.begin() gives a kept session back, until a clean one ends it", async () => {
  const store = new SessionStore(() => {});
  const first = store.begin("d", { clean: false });
  first.subscriptions.set(filter, { kind: "devicebound", qos: 1 });
  assert(store.begin("d", { clean: false }) === first);
  assertEquals(await store.subscriptionsByClient({ id: "d" }), [{ topic: filter, qos: 1 }]);
  assertFalse(store.begin("d", { clean: true }).kept);
  assertEquals(store.begin("d", { clean: false }).subscriptions.size, 0);
});

Deno.test("SessionStore.remove() forgets a session", async () => {
  const store = new SessionStore(() => {});
  store.begin("d", { clean: false }).subscriptions.set(filter, { kind: "devicebound", qos: 1 });
  store.remove("d");
  assertEquals(await store.subscriptionsByClient({ id: "d" }), []);
});

Deno.test("SessionStore passes every PUBACK on", async () => {
  const acknowledged: unknown[] = [];
  const store = new SessionStore((...puback) => acknowledged.push(puback));
  await store.outgoingClearMessageId({ id: "d" }, { messageId: 7 });
  assertEquals(acknowledged, [["d", 7]]);
});

Deno.test("deviceboundQos() is the best of the subscriptions to cloud messages", () => {
  const qosOf = (...granted: GrantedSubscription[]) => {
    const subscriptions = new Map(granted.map((grant, index) => [`filter ${index}`, grant]));
    return deviceboundQos({ kept: true, subscriptions });
  };
  assertEquals(qosOf(), undefined);
  assertEquals(qosOf({ kind: "unanswered", qos: 1 }), undefined);
  assertEquals(qosOf({ kind: "devicebound", qos: 0 }), 0);
  assertEquals(qosOf({ kind: "devicebound", qos: 0 }, { kind: "everything", qos: 1 }), 1);
});
