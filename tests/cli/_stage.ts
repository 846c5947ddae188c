/**
 * What scripts and tests of the command line play on: a folder with credentials and a store, a hub, a broker, and
 * servers that misbehave. Each is made when somebody first asks for it, and gone at the end of the block.
 */

import { CredentialStore, type Identity } from "../../src/credentials/mod.ts";
import type { StoreSettings } from "../../src/credentials/credential_store.ts";
import { LEAST_COST } from "../../src/credentials/sealing.ts";
import { credentialKey } from "../../src/credentials/store_keys.ts";
import { writePfx } from "../../src/credentials/write_pfx.ts";
import { HubEmulator } from "../../src/emulator/mod.ts";
import { startBroker } from "../_kit/broker.ts";
import { authorityPem, deviceIdentity, identityPem, testAuthority } from "../_kit/certs.ts";
import { run } from "../_kit/processes.ts";
import { type TempFolder, tempFolder } from "../_kit/temp.ts";
import {
  closedPort,
  startAnsweringServer,
  startClosingServer,
  startSilentServer,
} from "./_peers.ts";

/** The passphrase of the stage's store. */
export const PASSPHRASE = "low tide";

/** The password of the PFX files on the stage, and of those in `tests/credentials/fixtures`. */
export const PFX_PASSWORD = "secret";

const FIXTURES = new URL("../credentials/fixtures", import.meta.url).pathname;

/** CONNACK with return codes 1 to 5. */
const REFUSALS = [1, 2, 3, 4, 5].map((code) => [`REFUSES${code}`, `20 02 00 0${code}`] as const);

export class Stage implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;
  readonly #folder: TempFolder;
  readonly #made = new Map<string, Promise<string>>();
  #hub: Promise<HubEmulator> | undefined;
  #expired: Promise<Identity> | undefined;
  #odd: Promise<Identity> | undefined;

  private constructor(folder: TempFolder, resources: AsyncDisposableStack) {
    this.#folder = folder;
    this.#resources = resources;
  }

  static async open(): Promise<Stage> {
    const resources = new AsyncDisposableStack();
    return new Stage(resources.use(await tempFolder()), resources);
  }

  /** What `$NAME` stands for in a script. */
  async value(name: string): Promise<string> {
    const known = this.#made.get(name) ?? this.#make(name);
    this.#made.set(name, known);
    return await known;
  }

  /** The hub behind `$HUB`; it knows the devices dev-1 and dev-2. */
  hub(): Promise<HubEmulator> {
    this.#hub ??= (async () => {
      const authority = await testAuthority();
      return this.#resources.use(
        await HubEmulator.start({ authority, devices: ["dev-1", "dev-2"] }),
      );
    })();
    return this.#hub;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  async #make(name: string): Promise<string> {
    const refusal = REFUSALS.find(([variable]) => variable === name);
    if (refusal) return this.#port(startAnsweringServer(refusal[1]));
    switch (name) {
      case "DIR":
        return this.#folder.path;
      case "FIXTURES":
        return FIXTURES;
      case "CA":
        return await this.#folder.write("ca.pem", authorityPem(await testAuthority()));
      case "STORE":
        return await this.#makeStore();
      case "EMPTY":
        return await this.#folder.write("empty.pfx", "");
      case "ESC":
        return "\x1b";
      case "DAMAGED":
        return await this.#makeDamagedStore();
      case "FIFO":
        return await this.#makeFifo();
      case "DANGLING":
        await Deno.symlink(this.#folder.file("gone.db"), this.#folder.file("dangling.db"));
        return this.#folder.file("dangling.db");
      case "LARGE_FILE":
        return await this.#folder.write("large.txt", "x".repeat(262_145));
      case "LARGE":
        return await this.#folder.write("large.pfx", await toPfx(await largeIdentity()));
      case "TRUNCATED": {
        const whole = await Deno.readFile(`${FIXTURES}/pfx/device.pfx`);
        return await this.#folder.write("truncated.pfx", whole.subarray(0, whole.length / 2));
      }
      case "SECRET":
        return await this.#folder.write("pfx.secret", `${PFX_PASSWORD}\n`);
      case "STORE_SECRET":
        return await this.#folder.write("store.secret", `${PASSPHRASE}\n`);
      case "HUB":
        return `${(await this.hub()).port}`;
      case "BROKER":
        return `${this.#resources.use(await startBroker()).port}`;
      case "TLS_BROKER":
        return `${this.#resources.use(await startBroker({ tls: {} })).port}`;
      case "CLOSED":
        return `${closedPort()}`;
      case "SILENT":
        return this.#port(startSilentServer());
      case "CLOSES":
        return this.#port(startClosingServer());
      case "HTTP":
        return this.#port(startAnsweringServer(toHex("HTTP/1.1 400 Bad Request\r\n\r\n")));
      case "MALFORMED":
        return this.#port(startAnsweringServer("20 02 02 00"));
      default:
        return await this.#makeCredential(name);
    }
  }

  #port(peer: { port: number } & AsyncDisposable): string {
    return `${this.#resources.use(peer).port}`;
  }

  /**
   * `$CERT_x`, `$KEY_x` and `$PFX_x`, where x is dev-1, written DEV1, and so on; EXPIRED is dev-1 in 2021, NEWDEV1 is
   * dev-1 with another certificate each time, and ODD has a name that no hub takes.
   */
  async #makeCredential(name: string): Promise<string> {
    const [, kind, owner = ""] = /^(CERT|KEY|PFX)_(\w+)$/.exec(name) ?? [];
    if (kind === undefined) throw new Error(`The script wants $${name}, which nobody knows`);
    const identity = owner === "EXPIRED"
      ? await this.#expiredIdentity()
      : owner === "ODD"
      ? await this.#oddIdentity()
      : owner === "NEWDEV1"
      ? await (await testAuthority()).issueDevice("dev-1")
      : await deviceIdentity(owner.toLowerCase().replace(/\d/, "-$&"));
    if (kind === "PFX") return await this.#folder.write(`${name}.pfx`, await toPfx(identity));
    const { cert, key } = identityPem(identity);
    return await this.#folder.write(`${name}.pem`, kind === "CERT" ? cert : key);
  }

  #expiredIdentity(): Promise<Identity> {
    this.#expired ??= (async () =>
      (await testAuthority()).issueDevice("dev-1", {
        notBefore: new Date("2020-01-01T00:00:00Z"),
        notAfter: new Date("2021-01-01T00:00:00Z"),
      }))();
    return this.#expired;
  }

  #oddIdentity(): Promise<Identity> {
    this.#odd ??= (async () => (await testAuthority()).issueServer("fe80::1"))();
    return this.#odd;
  }

  async #makeFifo(): Promise<string> {
    const path = this.#folder.file("fifo");
    await run(["mkfifo", path]);
    return path;
  }

  /** With dev-1 for localhost, whose record was also put where it does not belong: as dev-9, and for a host of no name. */
  async #makeDamagedStore(): Promise<string> {
    const path = this.#folder.file("damaged.db");
    {
      await using store = await CredentialStore.open(settingsOf(path));
      await store.add("localhost", await deviceIdentity("dev-1"));
    }
    using kv = await Deno.openKv(path);
    const { value } = await kv.get(credentialKey({ host: "localhost", deviceId: "dev-1" }));
    await kv.set(credentialKey({ host: "localhost", deviceId: "dev-9" }), value);
    await kv.set(credentialKey({ host: "\x1b[2Jhost", deviceId: "dev-1" }), value);
    return path;
  }

  /** With dev-1 and dev-2 for localhost, and dev-1 for 127.0.0.1. */
  async #makeStore(): Promise<string> {
    const path = this.#folder.file("store.db");
    await using store = await CredentialStore.open(settingsOf(path));
    await store.add("localhost", await deviceIdentity("dev-1"));
    await store.add("localhost", await deviceIdentity("dev-2"));
    await store.add("127.0.0.1", await deviceIdentity("dev-1"));
    return path;
  }
}

function settingsOf(path: string): StoreSettings {
  return { path, passphrase: PASSPHRASE, cost: LEAST_COST };
}

function toPfx(identity: Identity): Promise<Uint8Array> {
  return writePfx(identity, PFX_PASSWORD, { iterations: 100 });
}

/** With a certificate of more than 48 KB. */
async function largeIdentity(): Promise<Identity> {
  const alternativeNames = Array.from({ length: 1000 }, (_, i) => `${"x".repeat(50)}.${i}.example`);
  return await (await testAuthority()).issueServer("large.example", { alternativeNames });
}

function toHex(text: string): string {
  return new TextEncoder().encode(text).toHex();
}
