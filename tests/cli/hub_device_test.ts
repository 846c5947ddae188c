import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../../src/cli/cli_error.ts";
import { CREDENTIAL_FLAGS, DEVICE_FLAGS, SERVER_FLAGS } from "../../src/cli/connection_flags.ts";
import { readFlags } from "../../src/cli/read_flags.ts";
import { findDevice } from "../../src/cli/hub_device.ts";
import { FakeIo } from "./_fake_io.ts";
import { Stage } from "./_stage.ts";

const table = { ...SERVER_FLAGS, ...CREDENTIAL_FLAGS, ...DEVICE_FLAGS, debug: { about: "" } };

Deno.test("findDevice() knows the device by its certificate, and the ways of a hub", async () => {
  await using stage = await Stage.open();
  const credential = [
    "--cert",
    await stage.value("CERT_DEV1"),
    "--key",
    await stage.value("KEY_DEV1"),
  ];
  const find = (...args: string[]) =>
    findDevice(readFlags(["-h", "Hub.Example", ...credential, ...args], table), new FakeIo());
  using device = await find();
  const { host, deviceId, keepAliveSeconds, transport } = device;
  assertEquals({ host, deviceId, keepAliveSeconds, address: transport.address }, {
    host: "hub.example",
    deviceId: "dev-1",
    keepAliveSeconds: 240,
    address: "hub.example:8883",
  });
  await assertRejects(() => find("-k", "1178"), CliError, "1177");
  await assertRejects(() => find("-i", "a+b"), CliError, "device-id");
});
