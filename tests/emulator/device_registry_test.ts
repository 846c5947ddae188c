import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { DeviceRegistry, isDeviceId } from "../../src/emulator/device_registry.ts";

const sha1 = "0a".repeat(20);
const sha256 = "0A".repeat(32);

Deno.test("isDeviceId() takes what IoT Hub registers and MQTT can carry", () => {
  for (const id of ["d", "a-b.c%d_e*f?g!h(i),j=k@l$m'n", "x".repeat(128)]) {
    assert(isDeviceId(id), id);
  }
  for (const id of ["", "x".repeat(129), "a/b", "a+b", "a#b", "a b", "ü"]) {
    assertFalse(isDeviceId(id), id);
  }
});

Deno.test("DeviceRegistry.add() takes an id alone for a CA-signed device", () => {
  const registry = new DeviceRegistry();
  registry.add("d");
  assertEquals(registry.find("d"), {
    deviceId: "d",
    authentication: { type: "certificateAuthority" },
  });
  registry.remove("d");
  assertEquals(registry.find("d"), undefined);
});

Deno.test("DeviceRegistry.add() takes thumbprints of either length and case, both alike", () => {
  const registry = new DeviceRegistry();
  for (
    const [primaryThumbprint, secondaryThumbprint] of [[sha1, sha1], [sha256, sha256]] as const
  ) {
    const authentication = { type: "selfSigned", primaryThumbprint, secondaryThumbprint } as const;
    assertEquals(registry.add({ deviceId: "d", authentication }).authentication, authentication);
  }
});

Deno.test("DeviceRegistry.add() refuses what the hub would not register", () => {
  const registry = new DeviceRegistry();
  assertThrows(() => registry.add("a/b"), TypeError, "device id");
  for (const thumbprints of [["0a:0a"], [""], [sha1.slice(1)], [sha1, "x".repeat(40)]]) {
    const [primaryThumbprint = "", secondaryThumbprint = primaryThumbprint] = thumbprints;
    const authentication = { type: "selfSigned", primaryThumbprint, secondaryThumbprint } as const;
    assertThrows(() => registry.add({ deviceId: "d", authentication }), TypeError, "hexadecimal");
  }
  const authentication = {
    type: "selfSigned",
    primaryThumbprint: sha1,
    secondaryThumbprint: sha256,
  } as const;
  assertThrows(() => registry.add({ deviceId: "d", authentication }), TypeError, "both");
  assertEquals(registry.find("d"), undefined);
});
