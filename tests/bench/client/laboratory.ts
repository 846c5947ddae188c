import {
  authorityPem,
  deviceIdentity,
  identityPem,
  serverIdentity,
  testAuthority,
} from "../../_kit/certs.ts";
import { type Mosquitto, startMosquitto } from "../../_kit/mosquitto.ts";
import { findTool, requireTool, run } from "../../_kit/processes.ts";
import { type TempFolder, tempFolder } from "../../_kit/temp.ts";
import { Child } from "./child.ts";

const HERE = new URL("./", import.meta.url);
const ROOT = new URL("../../../", HERE);
const DENO = [
  Deno.execPath(),
  "run",
  "--quiet",
  "-A",
  "--config",
  new URL("deno.json", ROOT).pathname,
];

/** Who is measured; each is a program of its own. */
export type Program = "Hubwire" | "raw" | "MQTT.js";

/** Certificates, MQTT.js as Node installs it, and the processes that take part. */
export class Laboratory implements AsyncDisposable {
  readonly #folder: TempFolder;
  readonly #node: string;
  #peer: { child: Child; port: number } | undefined;
  #mosquitto: Mosquitto | undefined;

  private constructor(folder: TempFolder, node: string) {
    this.#folder = folder;
    this.#node = node;
  }

  static async open(): Promise<Laboratory> {
    const node = await requireTool("node", "nodejs");
    const folder = await tempFolder();
    await Promise.all([writeCertificates(folder), installMqttJs(folder)]);
    return new Laboratory(folder, node);
  }

  /** Where all of it lies. */
  get folderPath(): string {
    return this.#folder.path;
  }

  /** Starts a program that does what it is ordered. */
  start(program: Program): Child {
    const { path } = this.#folder;
    if (program === "MQTT.js") return new Child([this.#node, `${path}/mqttjs.mjs`, path]);
    const file = program === "Hubwire" ? "hubwire.ts" : "raw.ts";
    return new Child([...DENO, new URL(`contestants/${file}`, HERE).pathname, path]);
  }

  /** The peer that all speak to. */
  async peer(): Promise<{ child: Child; port: number }> {
    if (this.#peer) return this.#peer;
    const child = new Child([...DENO, new URL("peer.ts", HERE).pathname, this.#folder.path]);
    const { port } = await child.answer<{ port: number }>();
    return this.#peer = { child, port };
  }

  /** A mosquitto with the same certificates; `undefined` where it is not installed. */
  async mosquitto(): Promise<Mosquitto | undefined> {
    if (!await findTool("mosquitto")) return undefined;
    const { path } = this.#folder;
    return this.#mosquitto ??= await startMosquitto(this.#folder, {
      cafile: `${path}/authority.pem`,
      certfile: `${path}/server.pem`,
      keyfile: `${path}/server.key`,
    }, { isQuiet: true, lines: ["sys_interval 1"] });
  }

  /** Of what takes part beside Deno. */
  async versions(): Promise<Record<string, string>> {
    const { stdout } = await run([this.#node, "--version"]);
    const broker = (await this.mosquitto())?.log();
    const [, mosquitto] = /mosquitto version (\S+)/.exec(broker ?? "") ?? [];
    return { node: stdout.trim().slice(1), ...(mosquitto ? { mosquitto } : {}) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#peer?.child[Symbol.asyncDispose]();
    await this.#mosquitto?.[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}

async function writeCertificates(folder: TempFolder): Promise<void> {
  const server = identityPem(await serverIdentity());
  const device = identityPem(await deviceIdentity("bench"));
  await folder.write("authority.pem", authorityPem(await testAuthority()));
  await folder.write("server.pem", server.cert);
  await folder.write("server.key", server.key);
  await folder.write("device.pem", device.cert);
  await folder.write("device.key", device.key);
}

/** In the versions that deno.lock pins, where Node looks for it. */
async function installMqttJs(folder: TempFolder): Promise<void> {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const configuration = { imports: { mqtt: imports.mqtt }, nodeModulesDir: "auto" };
  await folder.write("deno.json", JSON.stringify(configuration));
  await folder.write("deno.lock", await Deno.readTextFile(new URL("deno.lock", ROOT)));
  for (const name of ["mqttjs.mjs", "messages.mjs", "pause.mjs"]) {
    await folder.write(name, await Deno.readTextFile(new URL(`contestants/${name}`, HERE)));
  }
  const { code, stderr } = await run([Deno.execPath(), "install", "--quiet", "--frozen=false"], {
    cwd: folder.path,
    timeoutMs: 60_000,
  });
  if (code !== 0) throw new Error(`Cannot install MQTT.js for Node:\n${stderr}`);
}
