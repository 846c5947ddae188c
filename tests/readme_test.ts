import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { CredentialStore } from "../src/credentials/mod.ts";
import { writePfx } from "../src/credentials/mod.ts";
import { HubEmulator } from "../src/emulator/mod.ts";
import { authorityPem, deviceIdentity, testAuthority } from "./_kit/certs.ts";
import { run } from "./_kit/processes.ts";
import { type TempFolder, tempFolder } from "./_kit/temp.ts";
import { reportFiles } from "./bench/write_report.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const README = await Deno.readTextFile(`${ROOT}README.md`);
const HUB = "contoso.azure-devices.net";
const PASSPHRASE = "low tide";

/** The contents of every fence of a language. */
function fences(language: string): string[] {
  return Array.from(README.matchAll(/^```(\w+)\n(.*?)^```$/gms))
    .filter(([, name]) => name === language)
    .map(([, , content = ""]) => content.trim());
}

/** A hub in place of the one that the README names, a store, and the device's PFX. */
class Stage implements AsyncDisposable {
  readonly hub: HubEmulator;
  readonly folder: TempFolder;
  readonly ca: string;

  private constructor(parts: { hub: HubEmulator; folder: TempFolder; ca: string }) {
    this.hub = parts.hub;
    this.folder = parts.folder;
    this.ca = parts.ca;
  }

  static async set(): Promise<Stage> {
    const authority = await testAuthority();
    const folder = await tempFolder();
    const hub = await HubEmulator.start({ authority, devices: ["thermometer"] });
    const ca = await folder.write("ca.pem", authorityPem(authority));
    const pfx = await writePfx(await deviceIdentity("thermometer"), "secret", { iterations: 100 });
    await folder.write("device.pfx", pfx);
    await folder.write("password", "secret");
    await folder.write("passphrase.txt", PASSPHRASE);
    return new Stage({ hub, folder, ca });
  }

  get env(): Record<string, string> {
    return { HUBWIRE_STORE: this.folder.file("devices.db"), HUBWIRE_STORE_PASSPHRASE: PASSPHRASE };
  }

  /** Runs a line of the README here: this hub, its authority, and a file where a human would be asked. */
  async run(line: string, ...more: string[]) {
    const words = line.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", "")) ?? [];
    const command = words.map((word) => this.#here(word));
    assertEquals(command.shift(), "deno", line);
    const { code, stdout, stderr } = await run([Deno.execPath(), ...command, ...more], {
      cwd: ROOT,
      env: this.env,
    });
    assertEquals(code, 0, stderr);
    return stdout;
  }

  #here(word: string): string {
    return word
      .replace(`${HUB}:8883`, `localhost:${this.hub.port}`)
      .replace(HUB, "localhost")
      .replace(/(devices\.db|passphrase\.txt|device\.pfx)/g, (name) => this.folder.file(name))
      .replace(/^(--allow-read=.*)$/, `$1,${this.ca}`);
  }

  async store(): Promise<void> {
    const path = this.folder.file("devices.db");
    await using store = await CredentialStore.open({ path, passphrase: PASSPHRASE });
    await store.add("localhost", await deviceIdentity("thermometer"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hub.stop();
    await this.folder[Symbol.asyncDispose]();
  }
}

async function firstTelemetry(hub: HubEmulator): Promise<string> {
  for await (const { payload } of hub.telemetry()) return new TextDecoder().decode(payload);
  throw new Error("No telemetry came");
}

Deno.test("README: its tasks exist, and what it adds is this package", async () => {
  const { name, tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const [start, , add] = fences("sh");
  assertEquals(start, "npx -y deno@2.9.6 task demo\nnpx -y deno@2.9.6 task test");
  for (const task of README.matchAll(/deno(?:@\S+)? task ([\w:]+)/g)) {
    assert(tasks[`${task[1]}`], task[0]);
  }
  assertEquals(add, `deno add jsr:${name}`);
});

Deno.test("README: the demo prints what is shown", async () => {
  const { code, stdout } = await run([Deno.execPath(), "run", "-A", "mod.ts", "demo"], {
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  });
  assertEquals(code, 0);
  // Ports, hashes, dates and times are of their moment.
  const shape = (text: string) =>
    text.replace(/[0-9a-f]{20,}/g, "#").replace(/\d+/g, "0").replace(/ +/g, " ");
  assertStringIncludes(shape(stdout), shape(`${fences("text")[0]}`));
});

Deno.test("README: the commands for a device of one's own do what they say", async () => {
  await using stage = await Stage.set();
  const [add = "", send = "", monitor = ""] = `${fences("sh")[1]}`.split("\n");
  const there = ["-p", `${stage.hub.port}`, "--cafile", stage.ca];
  await stage.run(add, "--passphrase-file", stage.folder.file("password"));
  await stage.run(send, ...there);
  assertEquals(await firstTelemetry(stage.hub), '{"temperature":21.5}');
  await stage.hub.sendToDevice("thermometer", "fan on");
  assertStringIncludes(await stage.run(monitor, ...there, "-C", "1"), "fan on");
});

Deno.test("README: the run with the least permissions sends", async () => {
  await using stage = await Stage.set();
  await stage.store();
  await stage.run(`${fences("sh")[3]}`, "-p", `${stage.hub.port}`, "--cafile", stage.ca);
  assertEquals(await firstTelemetry(stage.hub), '{"temperature":21.5}');
});

Deno.test("README: the program is examples/send_telemetry.ts, and does what it says", async () => {
  const path = `${ROOT}examples/send_telemetry.ts`;
  assertEquals(fences("ts"), [(await Deno.readTextFile(path)).trim()]);
  await using stage = await Stage.set();
  await stage.store();
  const example = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--cert", stage.ca, path, "localhost", "thermometer", `${stage.hub.port}`],
    env: stage.env,
    stdout: "piped",
  }).spawn();
  assertEquals(await firstTelemetry(stage.hub), '{"temperature":21.5}');
  await stage.hub.sendToDevice("thermometer", "fan on");
  let printed = "";
  for await (const text of example.stdout.pipeThrough(new TextDecoderStream())) {
    printed += text;
    if (printed.includes("\n")) example.kill();
  }
  await example.status;
  assertEquals(printed, "fan on\n");
});

Deno.test("README: its figures are those of the newest results: deno task bench:report", async () => {
  assertEquals(README, (await reportFiles()).get("README.md"));
});
