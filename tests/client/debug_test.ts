import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { DebugEvent, type DebugEvents, DebugTarget } from "../../src/client/mod.ts";
import { redactTopic, redactUserName } from "../../src/client/redact.ts";
import { summarize, summaryLine } from "../../src/client/packet_summary.ts";
import { ConnectRefusedError } from "../../src/errors.ts";
import { PeerTransport } from "../_kit/scripted_peer.ts";
import { settled } from "../_kit/virtual_clock.ts";
import { Rig } from "./_rig.ts";

const PASSWORD = new TextEncoder().encode("SharedAccessSignature sr=hub&sig=c2VjcmV0&se=1");

/** What a client tells, as lines. */
function record(client: DebugTarget<DebugEvents>): string[] {
  const lines: string[] = [];
  client.addEventListener("debug", ({ text }) => lines.push(text));
  return lines;
}

Deno.test("MqttClient tells listeners of debug every step and every packet, in order", async () => {
  await using rig = new Rig({ keepAliveSeconds: 10 });
  const { client, clock } = rig;
  const lines = record(client);
  await rig.connect();
  client.messages();
  const subscribing = client.subscribe("a/#", { qos: 1 });
  await rig.peer.send({ type: "suback", packetId: 1, returnCodes: [1] });
  await subscribing;
  await rig.peer.send({
    type: "publish",
    topic: "a/b",
    payload: new Uint8Array(7),
    qos: 2,
    retain: true,
    dup: false,
    packetId: 5,
  });
  await clock.advance(9000);
  await rig.peer.send({ type: "pingresp" });
  await client.close();
  assertEquals(lines, [
    "connecting peer:1883",
    "open peer:1883",
    'sent CONNECT clientId="d1" cleanSession keepAliveSeconds=10',
    "received CONNACK returnCode=0",
    'sent SUBSCRIBE packetId=1 subscriptions=[{"topicFilter":"a/#","qos":1}]',
    "received SUBACK packetId=1 returnCodes=[1]",
    'received PUBLISH topic="a/b" qos=2 retain packetId=5 payloadBytes=7',
    "sent PINGREQ",
    "received PINGRESP",
    "sent DISCONNECT",
    "over",
  ]);
});

Deno.test("MqttClient tells listeners of debug why a connection ended, and how long it waits", async () => {
  await using rig = new Rig({ reconnect: { random: () => 0.5 } });
  const { client, clock } = rig;
  const events: DebugEvent[] = [];
  client.addEventListener("debug", (event) => events.push(event));
  await rig.connect();
  await clock.advance(1500);
  rig.peer.close();
  await settled();
  const [over, waiting] = events.slice(-2);
  assertEquals([over?.step, over?.at, over?.cause?.code], ["over", 1500, "CONNECTION_LOST"]);
  assertEquals(over?.text, `over CONNECTION_LOST: ${over?.cause?.message}`);
  assertEquals([waiting?.step, waiting?.delayMs, waiting?.text], [
    "waiting",
    500,
    "waiting 500 ms",
  ]);
});

Deno.test("MqttClient tells no password, no payload, no token in a user name, to listeners of debug", async () => {
  await using rig = new Rig({
    username: "A1_TEST_TOKEN_b64c2VjcmV0",
    password: PASSWORD,
    will: { topic: "gone?token=c2VjcmV0", payload: PASSWORD, qos: 1, retain: true },
  });
  const { client } = rig;
  const events: DebugEvent[] = [];
  client.addEventListener("debug", (event) => events.push(event));
  await rig.connect();
  await client.publish("devices/d1/messages/events/sig=c2VjcmV0&%24.mid=7", PASSWORD);
  const publishing = client.publish("a/b/token=c2VjcmV0/c2VjcmV0", PASSWORD, { qos: 1 });
  await rig.peer.send({ type: "puback", packetId: 1 });
  await publishing;
  const unsubscribing = client.unsubscribe("a/sig=c2VjcmV0");
  await rig.peer.send({ type: "unsuback", packetId: 2 });
  await unsubscribing;
  const told = events.map((event) => `${event.text}\n${Deno.inspect(event.packet)}`).join("\n");
  assertStringIncludes(told, `passwordBytes=${PASSWORD.length}`);
  assertStringIncludes(told, "… (25 characters)");
  assertStringIncludes(told, "devices/d1/messages/events/sig=…&%24.mid=7");
  for (const secret of ["c2VjcmV0", "TEST_TOKEN", "SharedAccess", ...bytesAsShown(PASSWORD)]) {
    assertFalse(told.includes(secret), `${secret} in ${told}`);
  }
});

/** As `Deno.inspect` and JSON would show them. */
function bytesAsShown(bytes: Uint8Array): string[] {
  const head = [...bytes.subarray(0, 6)];
  return [
    head.join(", "),
    head.join(","),
    bytes.toBase64().slice(0, 8),
    bytes.toHex().slice(0, 12),
  ];
}

Deno.test("MqttClient tells a refused connection to listeners of debug", async () => {
  await using rig = new Rig();
  const lines = record(rig.client);
  const connecting = rig.client.connect();
  await settled();
  await rig.peer.send({ type: "connack", sessionPresent: false, returnCode: 4 });
  await assertRejects(() => connecting, ConnectRefusedError);
  assertStringIncludes(lines.at(-1) ?? "", "over MQTT_CONNECT_REFUSED: ");
});

Deno.test("MqttClient tells of another transport's refusal, and of its connection, to listeners of debug", async () => {
  await using rig = await Rig.connected({ cleanSession: false, reconnect: { random: () => 1 } });
  const lines = record(rig.client);
  const refusing = new PeerTransport();
  const refused = rig.client.switchTransport(refusing);
  await settled();
  await refusing.peer.send({ type: "connack", sessionPresent: false, returnCode: 5 });
  const { message } = await assertRejects(() => refused, ConnectRefusedError);
  const next = new PeerTransport();
  const switching = rig.client.switchTransport(next);
  await settled();
  await next.peer.accept({ sessionPresent: true });
  await switching;
  assertEquals(lines, [
    "connecting peer:1883",
    "open peer:1883",
    `over MQTT_CONNECT_REFUSED: ${message}`,
    "connecting peer:1883",
    "open peer:1883",
    'sent CONNECT clientId="d1" keepAliveSeconds=60',
    "received CONNACK sessionPresent returnCode=0",
  ]);
  for (const { peer } of [refusing, next]) peer.close();
});

Deno.test("MqttClient makes no events while nobody listens to debug, and begins and ends in the middle", async () => {
  await using rig = await Rig.connected();
  const { client } = rig;
  let dispatched = 0;
  client.dispatchEvent = () => ++dispatched > 0;
  await client.publish("a", "x");
  assertEquals(dispatched, 0);
  const listener = () => {};
  client.addEventListener("debug", listener);
  await client.publish("a", "x");
  assertEquals(dispatched, 1);
  client.removeEventListener("debug", listener);
  await client.publish("a", "x");
  assertEquals(dispatched, 1);
});

Deno.test("DebugTarget.isDebugged knows listeners however they come and go", () => {
  const target = new DebugTarget<DebugEvents & { other: Event }>();
  const [listener, other] = [() => {}, () => {}];
  const tell = () => target.dispatchEvent(new DebugEvent({ step: "open", at: 0 }));
  const after: [string, boolean][] = [];
  const note = (what: string) => after.push([what, target.isDebugged]);

  target.addEventListener("other", listener);
  note("of another event");
  target.addEventListener("debug", listener);
  target.addEventListener("debug", listener);
  target.addEventListener("debug", listener, true);
  note("the same twice, and before the target");
  target.removeEventListener("debug", listener);
  note("one of two gone");
  target.removeEventListener("debug", listener, { capture: true });
  note("both gone");
  target.removeEventListener("debug", other);
  note("a stranger gone");
  target.addEventListener("debug", listener, { once: true });
  note("once");
  target.dispatchEvent(new Event("other"));
  note("once, after another event");
  tell();
  note("once, after it");
  const controller = new AbortController();
  target.addEventListener("debug", listener, { signal: controller.signal });
  note("until a signal");
  controller.abort();
  note("after the signal");
  target.addEventListener("debug", listener, { signal: controller.signal });
  note("too late");
  target.addEventListener("debug", () => target.addEventListener("debug", other), { once: true });
  tell();
  note("added while told");

  assertEquals(after, [
    ["of another event", false],
    ["the same twice, and before the target", true],
    ["one of two gone", true],
    ["both gone", false],
    ["a stranger gone", false],
    ["once", true],
    ["once, after another event", true],
    ["once, after it", false],
    ["until a signal", true],
    ["after the signal", false],
    ["too late", false],
    ["added while told", true],
  ]);
});

Deno.test("redactTopic() shows the values of harmless names only, and redactUserName() those of hubs", () => {
  const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP";
  const cases: [string, string][] = [
    ["greenhouse/+/temperature/#", "greenhouse/+/temperature/#"],
    ["$iothub/methods/POST/reboot/?$rid=1", "$iothub/methods/POST/reboot/?$rid=1"],
    ["a/sig=x%2Fy/z&SIG=b;k=c/d==", "a/sig=…&SIG=…;k=…"],
    ["e/%24.ct=application%2Fjson&%24.uid=ann&=&x=", "e/%24.ct=application%2Fjson&%24.uid=…&=&x=…"],
    [`tokens/${jwt}/up`, "tokens/…/up"],
  ];
  for (const [topic, shown] of cases) assertEquals(redactTopic(topic), shown);
  const hub = "h.azure-devices.net/d1/m1/?api-version=2021-04-12&model-id=dtmi%3Ax%3B1&sig=x";
  assertEquals(redactUserName(hub), hub.replace("sig=x", "sig=…"));
  for (
    const name of ["", "ann", jwt, "a.b/c?x-amz-customauthorizer-name=n&token=t", "h/d/?token=t"]
  ) {
    assertEquals(redactUserName(name), `… (${name.length} characters)`);
  }
});

Deno.test("summaryLine() stays one line, whatever a server sends", () => {
  const line = summaryLine(summarize({
    type: "publish",
    topic: 'a\nhubwire: connected\u001b[2J"',
    payload: new Uint8Array(0),
    qos: 0,
    retain: false,
    dup: true,
  }));
  assertEquals(
    line,
    'PUBLISH topic="a\\nhubwire: connected\\u001b[2J\\"" qos=0 dup payloadBytes=0',
  );
  assert(!/\p{Cc}/u.test(line));
});
