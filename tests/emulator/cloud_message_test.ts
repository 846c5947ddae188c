import { assertEquals, assertThrows } from "@std/assert";
import { buildCloudMessage } from "../../src/emulator/cloud_message.ts";

const to = { deviceId: "d", now: new Date("2026-01-02T03:04:05Z") };
const prefix = "devices/d/messages/devicebound/%24.to=%2Fdevices%2Fd%2Fmessages%2Fdevicebound";

Deno.test("buildCloudMessage() addresses the message and lets it live an hour", () => {
  const { topic, payload, expiresAt } = buildCloudMessage(to, { payload: "hü" });
  assertEquals(topic, prefix);
  assertEquals(payload, new TextEncoder().encode("hü"));
  assertEquals(expiresAt, new Date("2026-01-02T04:04:05Z"));
});

Deno.test("buildCloudMessage() writes every system property under its name on the wire", () => {
  const { topic } = buildCloudMessage(to, {
    payload: "",
    messageId: "m/1",
    correlationId: "c",
    userId: "u",
    contentType: "text/plain",
    contentEncoding: "utf-8",
    expiresAt: new Date("2026-01-02T05:00:00Z"),
    properties: { p: null, q: "" },
  });
  const bag = topic.slice("devices/d/messages/devicebound/".length).split("&");
  assertEquals(bag, [
    "%24.mid=m%2F1",
    "%24.to=%2Fdevices%2Fd%2Fmessages%2Fdevicebound",
    "%24.cid=c",
    "%24.uid=u",
    "%24.ct=text%2Fplain",
    "%24.ce=utf-8",
    "%24.exp=2026-01-02T05%3A00%3A00.000Z",
    "p",
    "q=",
  ]);
});

Deno.test("buildCloudMessage() copies the payload", () => {
  const payload = new Uint8Array([1]);
  const message = buildCloudMessage(to, { payload });
  payload[0] = 2;
  assertEquals(message.payload, new Uint8Array([1]));
});

Deno.test("buildCloudMessage() refuses more than 64 KiB and a topic MQTT cannot carry", () => {
  buildCloudMessage(to, { payload: new Uint8Array(65_536) });
  assertThrows(() => buildCloudMessage(to, { payload: new Uint8Array(65_537) }), RangeError);
  const properties = { long: "x".repeat(65_535 - prefix.length - "&long=".length) };
  assertEquals(buildCloudMessage(to, { payload: "", properties }).topic.length, 65_535);
  properties.long += "x";
  assertThrows(() => buildCloudMessage(to, { payload: "", properties }), RangeError, "topic");
});
