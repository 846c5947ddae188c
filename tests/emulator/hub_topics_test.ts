import { assertEquals } from "@std/assert";
import {
  buildDeviceboundTopic,
  parseTelemetryTopic,
  parseTopicFilter,
  parseUserName,
} from "../../src/emulator/hub_topics.ts";

Deno.test("parseUserName() reads the current form", () => {
  const host = "h.example";
  const forms = {
    "h.example/dev-1/?api-version=2021-04-12": "2021-04-12",
    "h.example/dev-1/?api-version=2025-08-01-preview": "2025-08-01-preview",
    "h.example/dev-1/?api-version=2021-04-12&DeviceClientType=x%2F1&model-id=y": "2021-04-12",
  };
  for (const [text, apiVersion] of Object.entries(forms)) {
    assertEquals(parseUserName(text), { host, deviceId: "dev-1", apiVersion }, text);
  }
});

Deno.test("parseUserName() reads the original's short form, which names no api-version", () => {
  assertEquals(parseUserName("h.example/dev?1"), { host: "h.example", deviceId: "dev?1" });
});

Deno.test("parseUserName() refuses everything else", () => {
  const others = [
    "",
    "h.example",
    "/dev-1",
    "h.example/",
    "h.example/dev-1/",
    "h.example/dev-1/api-version=2021-04-12",
    "h.example/dev-1/?api-version=latest",
    "h.example/dev-1/?api-version=2021-04-12x",
    "h.example/dev-1/?DeviceClientType=x",
    "h.example/dev-1/module-1/?api-version=2021-04-12",
    "h.example/dev-1/?api-version=2021-04-12/x",
  ];
  for (const text of others) assertEquals(parseUserName(text), undefined, text);
});

Deno.test("parseTelemetryTopic() finds the bag behind the device's own topic only", () => {
  assertEquals(parseTelemetryTopic("devices/d/messages/events/", "d"), "");
  assertEquals(parseTelemetryTopic("devices/d/messages/events/a=b", "d"), "a=b");
  const foreign = [
    "devices/e/messages/events/",
    "devices/d/messages/events",
    "devices/d/messages/devicebound/",
    "x/devices/d/messages/events/",
    "$iothub/twin/GET/?$rid=1",
  ];
  for (const topic of foreign) assertEquals(parseTelemetryTopic(topic, "d"), undefined, topic);
});

Deno.test("parseTopicFilter() knows the filters of a hub and no others", () => {
  assertEquals(parseTopicFilter("devices/d/messages/devicebound/#", "d"), "devicebound");
  assertEquals(parseTopicFilter("devices/d/#", "d"), "everything");
  assertEquals(parseTopicFilter("$iothub/twin/res/#", "d"), "unanswered");
  assertEquals(parseTopicFilter("$iothub/twin/PATCH/properties/desired/#", "d"), "unanswered");
  assertEquals(parseTopicFilter("$iothub/methods/POST/#", "d"), "unanswered");
  const others = ["#", "devices/+/#", "devices/e/#", "devices/d/messages/events/#", "$SYS/#"];
  for (const filter of others) assertEquals(parseTopicFilter(filter, "d"), undefined, filter);
});

Deno.test("buildDeviceboundTopic() puts the bag behind the device's own topic", () => {
  assertEquals(buildDeviceboundTopic("d", "a=b"), "devices/d/messages/devicebound/a=b");
});
