import type { Identity } from "./identity.ts";
import type { StoreDatabase } from "./store_database.ts";
import { DamagedRecordsError, storeDamaged } from "./store_errors.ts";
import type { Vault } from "./store_header.ts";
import { isSameCredential } from "./store_identity.ts";
import {
  type CredentialAddress,
  credentialKey,
  credentialPrefix,
  parseCredentialKey,
} from "./store_keys.ts";
import {
  type CredentialEntry,
  openEntry,
  openIdentity,
  recordVersion,
  sealRecord,
} from "./store_record.ts";

/** A credential as it comes out of the store, with its private key. */
export interface StoredCredential extends CredentialAddress {
  /** Who the device is. Fill its key with zeros when it has served. */
  identity: Identity;
  /** When it came into the store. */
  addedAt: Date;
}

type StoredRecord = CredentialAddress & { value: unknown };

/** The sealed records of an unlocked store. Hosts come here normalised. */
export class CredentialTable {
  #database: StoreDatabase;
  #vault: Vault;
  #path: string;

  /** The path is for messages. */
  constructor(opened: { database: StoreDatabase; vault: Vault }, path: string) {
    this.#database = opened.database;
    this.#vault = opened.vault;
    this.#path = path;
  }

  /** `false`: the same credential stands there already. Begins again if another process was faster. */
  async put(entry: CredentialEntry, identity: Identity): Promise<boolean> {
    const key = credentialKey(entry);
    for (;;) {
      const current = await this.#database.read(key);
      if (current.versionstamp !== null) {
        const { host, deviceId } = entry;
        if (await this.#holds({ host, deviceId, value: current.value }, identity)) return false;
      }
      const version = (recordVersion(current.value) ?? 0) + 1;
      const record = await sealRecord(this.#vault, { entry, identity, version });
      const isWritten = await this.#database.commit((operation) =>
        operation.check(current).set(key, record)
      );
      if (isWritten) return true;
    }
  }

  /** One credential with its key. */
  async find(address: CredentialAddress): Promise<StoredCredential | undefined> {
    const { value, versionstamp } = await this.#database.read(credentialKey(address));
    return versionstamp === null ? undefined : await this.#open({ ...address, value });
  }

  /** The same without its key. */
  async entry(address: CredentialAddress): Promise<CredentialEntry | undefined> {
    const { value, versionstamp } = await this.#database.read(credentialKey(address));
    if (versionstamp === null) return undefined;
    const record = { ...address, value };
    const entry = await openEntry(this.#vault, record);
    if (entry === undefined) throw new DamagedRecordsError([record]);
    return entry;
  }

  /** Every credential of a host with its key. */
  async *ofHost(host: string): AsyncGenerator<StoredCredential> {
    for await (const record of this.#records(host)) yield await this.#open(record);
  }

  /** Every credential without its key, in order of host and device id; then an error that names the damaged ones. */
  async *entries(): AsyncGenerator<CredentialEntry> {
    const damaged: StoredRecord[] = [];
    for await (const record of this.#records()) {
      const entry = await openEntry(this.#vault, record);
      if (entry !== undefined) yield entry;
      else damaged.push(record);
    }
    if (damaged.length > 0) throw new DamagedRecordsError(damaged);
  }

  /** The ids of a host's devices, at most `limit` of them. They stand in clear: nothing is opened. */
  async deviceIds(host: string, limit?: number): Promise<string[]> {
    const records = this.#records(host, limit === undefined ? {} : { limit });
    return await Array.fromAsync(records, ({ deviceId }) => deviceId);
  }

  /** `false`: there was none. What stands there does not have to be intact. */
  async remove(address: CredentialAddress): Promise<boolean> {
    const key = credentialKey(address);
    const { versionstamp } = await this.#database.read(key);
    if (versionstamp === null) return false;
    return await this.#database.commit((operation) => operation.delete(key));
  }

  async *#records(host?: string, options?: { limit?: number }): AsyncGenerator<StoredRecord> {
    for await (const { key, value } of this.#database.list(credentialPrefix(host), options)) {
      const address = parseCredentialKey(key);
      if (address === undefined) {
        throw storeDamaged(this.#path, { why: "a record in it has the key of no credential" });
      }
      yield { ...address, value };
    }
  }

  async #open(record: StoredRecord): Promise<StoredCredential> {
    const [entry, identity] = await Promise.all([
      openEntry(this.#vault, record),
      openIdentity(this.#vault, record),
    ]);
    if (entry === undefined || identity === undefined) throw new DamagedRecordsError([record]);
    const { host, deviceId } = record;
    return { host, deviceId, identity, addedAt: entry.addedAt };
  }

  async #holds(record: StoredRecord, identity: Identity): Promise<boolean> {
    const stored = await openIdentity(this.#vault, record);
    if (stored === undefined) throw new DamagedRecordsError([record]);
    try {
      return isSameCredential(stored, identity);
    } finally {
      stored.privateKey.fill(0);
    }
  }
}
