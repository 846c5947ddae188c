import { assert, assertEquals, assertMatch } from "@std/assert";
import { writePfx } from "../../src/credentials/write_pfx.ts";
import { HubEmulator } from "../../src/emulator/mod.ts";
import { authorityPem, deviceIdentity, testAuthority } from "../_kit/certs.ts";
import { type TempFolder, tempFolder } from "../_kit/temp.ts";

const EXAMPLE = new URL("../../examples/azure_iot_hub.ts", import.meta.url).pathname;

Deno.test("examples/azure_iot_hub.ts has fewer than 40 lines", async () => {
  const lines = (await Deno.readTextFile(EXAMPLE)).trimEnd().split("\n");
  assert(lines.length < 40, `${lines.length} lines`);
});

/** Runs the example until it has printed a message from the cloud, and ends it by Ctrl-C. */
async function runExample(folder: TempFolder, pfx: string): Promise<string> {
  const authority = await testAuthority();
  await using hub = await HubEmulator.start({ authority, devices: ["dev-1"] });
  const ca = await folder.write("ca.pem", authorityPem(authority));
  const example = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-prompt",
      "--cert",
      ca,
      EXAMPLE,
      "localhost",
      "dev-1",
      pfx,
      `${hub.port}`,
    ],
    env: {
      HUBWIRE_STORE: folder.file("store.db"),
      HUBWIRE_STORE_PASSPHRASE: "low tide",
      HUBWIRE_PFX_PASSWORD: "secret",
    },
    stdout: "piped",
  }).spawn();
  await untilConnected(hub);
  await hub.sendToDevice("dev-1", "fan on");
  let printed = "";
  for await (const text of example.stdout.pipeThrough(new TextDecoderStream())) {
    printed += text;
    if (printed.endsWith("fan on\n")) example.kill("SIGINT");
  }
  assertEquals((await example.status).code, 0);
  return printed;
}

async function untilConnected(hub: HubEmulator): Promise<void> {
  for await (const { type } of hub.events()) {
    if (type === "connected") return;
  }
}

Deno.test("examples/azure_iot_hub.ts imports its PFX once, tells its states and prints what comes", async () => {
  await using folder = await tempFolder();
  const bytes = await writePfx(await deviceIdentity("dev-1"), "secret", { iterations: 100 });
  const pfx = await folder.write("device.pfx", bytes);
  const first = await runExample(folder, pfx);
  const expected = [
    "initial -> transportConnecting",
    "transportConnecting -> transportConnected",
    "transportConnected -> connected",
    "devices/dev-1/messages/devicebound/\\S* fan on",
    "connected -> disconnecting",
    "disconnecting -> disconnected",
  ];
  assertMatch(first, new RegExp(`^${expected.map((line) => `${line}\n`).join("")}$`));
  // The second time the credential is in the store, and the PFX is no longer needed.
  await Deno.remove(pfx);
  assertMatch(await runExample(folder, pfx), /fan on/);
});
