import { assertEquals, assertThrows } from "@std/assert";
import {
  checkId,
  clientIdOf,
  cloudToDeviceFilter,
  parseCloudToDeviceTopic,
  telemetryTopic,
  userNameOf,
} from "../../src/hub/topics.ts";

const DEVICE = { deviceId: "d1" };
const MODULE = { deviceId: "d1", moduleId: "m1" };

Deno.test("clientIdOf() is the device id, or device id and module id", () => {
  assertEquals([clientIdOf(DEVICE), clientIdOf(MODULE)], ["d1", "d1/m1"]);
});

Deno.test("userNameOf() names host, device and api-version", () => {
  const host = "contoso.azure-devices.net";
  assertEquals(userNameOf({ ...DEVICE, host }), `${host}/d1/?api-version=2021-04-12`);
  assertEquals(userNameOf({ ...MODULE, host }), `${host}/d1/m1/?api-version=2021-04-12`);
});

Deno.test("userNameOf() names the model, percent-encoded", () => {
  const name = userNameOf({ ...DEVICE, host: "h", modelId: "dtmi:com:example:Thermostat;1" });
  assertEquals(name, "h/d1/?api-version=2021-04-12&model-id=dtmi%3Acom%3Aexample%3AThermostat%3B1");
});

Deno.test("telemetryTopic() ends in the property bag", () => {
  assertEquals(telemetryTopic(DEVICE, ""), "devices/d1/messages/events/");
  assertEquals(telemetryTopic(DEVICE, "a=b"), "devices/d1/messages/events/a=b");
  assertEquals(telemetryTopic(MODULE, "a=b"), "devices/d1/modules/m1/messages/events/a=b");
});

Deno.test("cloudToDeviceFilter() takes everything bound for the device", () => {
  assertEquals(cloudToDeviceFilter("d1"), "devices/d1/messages/devicebound/#");
});

Deno.test("parseCloudToDeviceTopic() gives the bag of this device's messages, and nothing for other topics", () => {
  const parse = (topic: string) => parseCloudToDeviceTopic("d1", topic);
  assertEquals(parse("devices/d1/messages/devicebound/a=b&c"), "a=b&c");
  assertEquals(parse("devices/d1/messages/devicebound/"), "");
  assertEquals(parse("devices/d2/messages/devicebound/a=b"), undefined);
  assertEquals(parse("x/devices/d1/messages/devicebound/a=b"), undefined);
  assertEquals(parse("$iothub/methods/POST/reboot/?$rid=1"), undefined);
});

Deno.test("checkId() takes what the identity registry and MQTT both allow", () => {
  for (const id of ["a", "A-1.b%_c*d?e!f(g),h=i@j$k'l", "x".repeat(128)]) {
    assertEquals(checkId(id, "device id"), id);
  }
  for (
    const id of [
      "",
      "a b",
      "a/b",
      "a+b",
      "a#b",
      "ä",
      "a\0",
      "x".repeat(129),
      7 as unknown as string,
    ]
  ) {
    assertThrows(() => checkId(id, "module id"), TypeError, "as a module id");
  }
});
