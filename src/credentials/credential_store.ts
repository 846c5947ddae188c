import { normalizeHost } from "./host.ts";
import type { Identity } from "./identity.ts";
import { checkSecretSource, readSecret } from "./passphrase.ts";
import { requireFileAccess, requireHostAccess, requireNetAccess } from "./permission.ts";
import { DEFAULT_COST, isAcceptableCost, type KdfCost } from "./sealing.ts";
import { kvUnavailable } from "./store_errors.ts";
import type { CredentialAddress } from "./store_keys.ts";
import { describeCredential } from "./store_entry.ts";
import { openStore } from "./store_opening.ts";
import { checkStorePath, defaultStorePath } from "./store_path.ts";
import { useIdentity } from "./store_pfx.ts";
import { checkDeviceId, readLeaf, refuseUnusable } from "./store_preflight.ts";
import { createProvider, type CredentialsProvider } from "./store_provider.ts";
import type { CredentialEntry } from "./store_record.ts";
import { CredentialTable, type StoredCredential } from "./store_table.ts";

/** Where a store is and what unlocks it: a passphrase or a key file. */
export interface OpenStoreOptions {
  /**
   * The store's file. Left out: `HUBWIRE_STORE`, else `hubwire/store.db` in `XDG_DATA_HOME`, else
   * `~/.local/share/hubwire/store.db`, as far as the program may read the environment. Always a file: `:memory:`
   * and `file:` have no meaning of their own, and a URL is refused.
   */
  path?: string;
  /** The store's passphrase, taken as it is: not empty, in UTF-8 where it is text. */
  passphrase?: string | Uint8Array;
  /** The path of a file of 32 random bytes or more and mode 0600, in place of a passphrase. */
  keyFile?: string;
  /** Whether to make the store where there is none. True unless it says false. */
  create?: boolean;
}

/** For the tests: what would make them slow, or wrong tomorrow. */
export interface StoreSettings extends OpenStoreOptions {
  /** The cost of guessing the passphrase of a store made here. */
  cost?: KdfCost;
  /** How long to wait for other processes. */
  busyMs?: number;
  /** The time by which certificates are judged. */
  now?: () => Date;
}

/**
 * Device certificates and their private keys, by hub host, sealed in a Deno KV file.
 *
 * Whoever reads the file without the passphrase learns host names, device ids and how many there are, and
 * nothing else. The file is 0600, its folder 0700. Several processes may use a store at once. It needs
 * `--unstable-kv`, and read and write permission on the path of the store and on nothing else.
 *
 * @example A device's credential goes in, a provider for its hub comes out
 * ```ts
 * import { CertificateAuthority, CredentialStore } from "@hubwire/hubwire/credentials";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const authority = await CertificateAuthority.create();
 * const store = await CredentialStore.open({ path: `${folder}/store.db`, passphrase: "low tide" });
 *
 * const { added } = await store.add("hub.example", await authority.issueDevice("sensor-1"));
 * const credentials = store.forHost("hub.example");
 *
 * assertEquals(added, true);
 * assertEquals(await Array.fromAsync(store.list(), (entry) => entry.deviceId), ["sensor-1"]);
 *
 * store.close();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class CredentialStore implements AsyncDisposable {
  /** What somebody should know about the file, in sentences. */
  readonly warnings: readonly string[];
  #table: CredentialTable;
  #resources: DisposableStack;
  #now: () => Date;

  private constructor(
    table: CredentialTable,
    context: { warnings: string[]; resources: DisposableStack; now: () => Date },
  ) {
    this.warnings = context.warnings;
    this.#table = table;
    this.#resources = context.resources;
    this.#now = context.now;
  }

  /**
   * Opens a store, and makes it if there is none and `create` is not false.
   *
   * A file that exists is never initialised again, whatever is in it.
   *
   * @throws {StoreError} `STORE_LOCKED` for a wrong passphrase or a damaged header, which read the same;
   * `STORE_DAMAGED`, `STORE_NOT_FOUND`, `STORE_BUSY`, `STORE_NOT_WRITABLE` or `STORE_UNAVAILABLE`.
   * @throws {PermissionError} With the flags that are missing.
   * @throws {TypeError} If there is not exactly one secret, or it is empty, or the path is none.
   */
  static async open(options: OpenStoreOptions): Promise<CredentialStore> {
    const { create = true, cost = DEFAULT_COST, busyMs = 5000, now = () => new Date() }:
      StoreSettings = options;
    checkSecretSource(options);
    const path = options.path ?? await defaultStorePath();
    checkStorePath(path);
    if (!isAcceptableCost(cost)) throw new RangeError("Cannot open a store: cost out of bounds");
    if (typeof Deno.openKv !== "function") throw kvUnavailable();
    const what = `Cannot open the store ${path}`;
    await requireFileAccess(path, { access: ["read", "write"], what });
    const secret = await readSecret(options);
    try {
      const opened = await openStore({ path, secret, create, cost, deadlineMs: busyMs });
      return new CredentialStore(new CredentialTable(opened, path), { ...opened, now });
    } finally {
      secret.fill(0);
    }
  }

  /**
   * Stores a credential under a host and a device id, which is the certificate's common name unless given.
   *
   * The same credential a second time changes nothing and answers `added: false`; another one for
   * the same host and device takes its place.
   *
   * @throws {CredentialError} `CREDENTIAL_KEY_MISMATCH`, `CREDENTIAL_INCOMPLETE`, `CREDENTIAL_WRONG_NAME`,
   * `CREDENTIAL_FORMAT` or `CREDENTIAL_LIMIT`.
   * @throws {StoreError} `STORE_NOT_WRITABLE` or `STORE_BUSY`: nothing was changed; `STORE_DAMAGED` if
   * what stands there already does not open.
   * @throws {TypeError} If the host or the device id is none.
   */
  async add(
    host: string,
    identity: Identity,
    options: { deviceId?: string } = {},
  ): Promise<{ added: boolean; deviceId: string }> {
    const place = { host: normalizeHost(host), deviceId: options.deviceId };
    if (options.deviceId !== undefined) checkDeviceId(options.deviceId);
    const entry = describeCredential(identity, { ...place, addedAt: this.#now() });
    return { added: await this.#table.put(entry, identity), deviceId: entry.deviceId };
  }

  /**
   * Reads a PFX, by its bytes or its path, checks that its credential can be used, and stores it.
   *
   * The device id is the certificate's common name. Warnings are sentences about a file that works but
   * should be made anew, such as one with weak encryption.
   *
   * @throws {CredentialError} Whatever {@linkcode readPfx} and {@linkcode CredentialStore.add} throw;
   * `CREDENTIAL_AMBIGUOUS` with the names if there are several, `CREDENTIAL_EXPIRED`, `CREDENTIAL_UNSUPPORTED`.
   * @throws {PermissionError} If the file may not be read.
   */
  // deno-lint-ignore hubwire/positional-parameters -- binding, architecture.md
  async addPfx(
    host: string,
    pfx: Uint8Array | string,
    password: string,
  ): Promise<{ added: boolean; deviceId: string; warnings: string[] }> {
    const name = normalizeHost(host);
    return await useIdentity({ pfx, password }, async (identity, warnings) => {
      refuseUnusable(readLeaf(identity), this.#now());
      return { ...await this.add(name, identity), warnings };
    });
  }

  /**
   * All credentials of a host, with their keys. The host has to match exactly: see {@linkcode normalizeHost}.
   *
   * @throws {PermissionError} If this code may not reach that host, as in {@linkcode CredentialStore.find}.
   */
  async findByHost(host: string, options: { port?: number } = {}): Promise<StoredCredential[]> {
    const name = normalizeHost(host);
    await requireKeyAccess(name, options);
    return await Array.fromAsync(this.#table.ofHost(name));
  }

  /**
   * The credential of one device, with its key; `undefined` if there is none.
   *
   * Only code that may reach the host gets a key for it: at `port`, or, if none is given, at 8883 or 443.
   *
   * @throws {PermissionError} With the flag that is missing. Deno is asked, never a human.
   */
  async find(
    host: string,
    deviceId: string,
    options: { port?: number } = {},
  ): Promise<StoredCredential | undefined> {
    const address = addressOf(host, deviceId);
    await requireKeyAccess(address.host, options);
    return await this.#table.find(address);
  }

  /** What a list shows of the credential of one device, without opening its key; `undefined` if there is none. */
  async entry(host: string, deviceId: string): Promise<CredentialEntry | undefined> {
    return await this.#table.entry(addressOf(host, deviceId));
  }

  /** The ids of a host's devices, in order. Nothing is opened for this, so a damaged credential does no harm. */
  async deviceIds(host: string): Promise<string[]> {
    return await this.#table.deviceIds(normalizeHost(host));
  }

  /**
   * Removes the credential of one device; `false` if there was none.
   *
   * It does not have to be intact, nor its host and device id such as {@linkcode CredentialStore.add} takes: what
   * stands there under exactly these goes first.
   *
   * @throws {TypeError} If nothing does, and host or device id are none.
   */
  async remove(host: string, deviceId: string): Promise<boolean> {
    return await this.#table.remove({ host, deviceId }) ||
      await this.#table.remove(addressOf(host, deviceId));
  }

  /**
   * Every credential, in order of host and device id, without opening a single key.
   *
   * @throws {StoreError} `STORE_DAMAGED`, after all that are intact, if any is not.
   */
  list(): AsyncIterableIterator<CredentialEntry> {
    return this.#table.entries();
  }

  /**
   * A provider of this host's credentials, for `tlsTransport` and `DeviceClient.connect` as it is.
   *
   * It refuses every other host, every other port if one is given, and all code that holds no permission
   * to reach that host and port: it asks Deno, never a human. Where the host has several devices, the request
   * has to name one.
   *
   * @throws {TypeError} If the host is none.
   */
  forHost(host: string, options: { port?: number } = {}): CredentialsProvider {
    return createProvider(this.#table, { ...options, host: normalizeHost(host) });
  }

  /** Closes the file. Closing twice is no mistake, using a closed store is a `TypeError`. */
  close(): void {
    this.#resources.dispose();
  }

  /** Closes the file. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }
}

async function requireKeyAccess(host: string, { port }: { port?: number }): Promise<void> {
  const what = `Cannot hand out a private key for ${host}`;
  if (port === undefined) await requireHostAccess(host, { what });
  else await requireNetAccess({ host, port }, { what });
}

function addressOf(host: string, deviceId: string): CredentialAddress {
  checkDeviceId(deviceId);
  return { host: normalizeHost(host), deviceId };
}
