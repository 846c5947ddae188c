/** The package as its users get it: published for real, then imported and run from an empty folder. */

import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stagePackage } from "../../tools/stage.ts";
import { type FixtureProject, makeProject } from "../tools/fixture_project.ts";
import { deno, type Outcome, publish } from "./deno_command.ts";
import { LoopbackRegistry } from "./registry.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Says nothing of this repository: what a user would write. */
const PROGRAM = `
import { DeviceClient } from "jsr:@hubwire/hubwire";
import { CertificateAuthority } from "jsr:@hubwire/hubwire/credentials";
import { HubEmulator } from "jsr:@hubwire/hubwire/emulator";

const authority = await CertificateAuthority.create();
await using hub = await HubEmulator.start({ authority, devices: ["dev-1"] });
const device = await DeviceClient.connect({
  host: hub.hostname,
  port: hub.port,
  deviceId: "dev-1",
  credentials: await authority.issueDevice("dev-1"),
  caCerts: [hub.caCertificate],
});
await device.sendTelemetry({ temperature: 21.5 });
for await (const { deviceId, payload } of hub.telemetry()) {
  console.log(deviceId, new TextDecoder().decode(payload));
  break;
}
await device.close();
`;

Deno.test("the published package can be imported and run", async (t) => {
  await using registry = new LoopbackRegistry();
  await using stage = await stagePackage(ROOT);
  await using user = await makeProject({ "deno.json": "{}", "main.ts": PROGRAM });

  await t.step("deno publish is taken, the package's own and those it needs", async () => {
    for (const folder of [...stage.linkFolders, stage.packageFolder]) {
      await publish(registry, folder);
    }
    const names = registry.published.map((version) => version.replace(/@[^@]*$/, ""));
    assertEquals(names.toSorted(), ["@hubwire/hubwire", "@std/assert", "@std/cli"]);
  });

  await t.step("jsr:@hubwire/hubwire sends telemetry to the emulator", async () => {
    const { code, stdout, stderr } = await asUser(["main.ts"], registry, user);
    assertEquals(stdout, `dev-1 {"temperature":21.5}\n`, stderr);
    assertEquals(code, 0, stderr);
  });

  await t.step("jsr:@hubwire/hubwire/cli --help explains itself", async () => {
    const args = ["jsr:@hubwire/hubwire/cli", "--help"];
    const { code, stdout, stderr } = await asUser(args, registry, user);
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /store add/);
  });

  await t.step("jsr:@hubwire/hubwire is a program too", async () => {
    const { stdout, stderr } = await asUser(["jsr:@hubwire/hubwire", "--help"], registry, user);
    assertMatch(stdout, /store add/, stderr);
  });
});

/** Runs Deno as someone who has never seen the package: an empty cache, and no flags of ours but those in README. */
function asUser(
  args: string[],
  registry: LoopbackRegistry,
  user: FixtureProject,
): Promise<Outcome> {
  return deno(["run", "-A", "--unstable-kv", "--unstable-worker-options", ...args], {
    cwd: user.root,
    env: { JSR_URL: registry.url, DENO_DIR: join(user.root, "cache") },
  });
}
