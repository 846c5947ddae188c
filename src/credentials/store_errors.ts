/**
 * What can go wrong with a store, in words. Deno KV tells its failures apart by their text only, so this
 * is the one file that reads such texts; a test provokes each, and notices if a later Deno rewords one.
 */
import { HubwireError, StoreError } from "../errors.ts";
import type { CredentialAddress } from "./store_keys.ts";

/** Nothing stands under that path, and nobody asked to create it. */
export function storeNotFound(path: string): StoreError {
  return new StoreError("STORE_NOT_FOUND", {
    what: `Cannot open the store ${path}`,
    why: "there is no such file",
    remedy: "Name the right path, or add a credential: that makes the store.",
  });
}

/** The file as a whole is of no use as a store. */
export function storeDamaged(
  path: string,
  reason: { why: string; cause?: unknown },
): StoreError {
  return new StoreError("STORE_DAMAGED", {
    what: `Cannot use the store ${path}`,
    remedy: "Restore the file from a backup, or name another path. Nothing was changed in it.",
    ...reason,
  });
}

/** Records that do not open where they stand: their bytes were changed, or they were moved there. */
export class DamagedRecordsError extends StoreError {
  /** Where they stand. Nothing vouches for these names. */
  readonly records: readonly CredentialAddress[];

  constructor(records: readonly CredentialAddress[]) {
    const places = records.map(({ host, deviceId }) => `device ${deviceId} for host ${host}`);
    super("STORE_DAMAGED", {
      what: `Cannot use the credential of ${places.join(", ")}`,
      why: "its record was damaged, or moved there from another place",
      remedy: "Remove it and add the credential again, or restore the store from a backup.",
    });
    // Outside this house it is known as what it extends.
    this.name = "StoreError";
    this.records = records.map(({ host, deviceId }) => ({ host, deviceId }));
  }
}

/** Wrong passphrase and damaged header read the same, on purpose. */
export function storeLocked(path: string): StoreError {
  return new StoreError("STORE_LOCKED", {
    what: `Cannot unlock the store ${path}`,
    why: "wrong passphrase, or the store is damaged",
    remedy: "Try the passphrase again, or restore the file from a backup.",
  });
}

/** The key file is not one, or not a secret. */
export function keyFileUnusable(path: string, why: string): StoreError {
  return new StoreError("STORE_UNAVAILABLE", {
    what: `Cannot use the key file ${path}`,
    why,
    remedy: "Name a file of 32 random bytes or more that only its owner can read (mode 0600).",
  });
}

/** Another process did not let go of it in time. */
export function storeBusy(path: string, holder?: number): StoreError {
  return new StoreError("STORE_BUSY", {
    what: `Cannot use the store ${path}`,
    why: holder === undefined ? "another process holds it" : `process ${holder} holds it`,
    remedy: "Try again when the other process has finished.",
  });
}

/** What has that name is no file that could be a store. */
export function storeUnfit(path: string, why: string): StoreError {
  return new StoreError("STORE_UNAVAILABLE", {
    what: `Cannot open the store ${path}`,
    why,
    remedy: "Name a file, or the path of one that can be made.",
  });
}

/** Deno was started without its key-value store. */
export function kvUnavailable(): StoreError {
  return new StoreError("STORE_UNAVAILABLE", {
    what: "Cannot open a credential store",
    why: "Deno KV is not switched on",
    remedy: "Run again with --unstable-kv",
  });
}

/** Whether Deno KV gave up waiting for another process. Nothing was written. */
export function isLockedByOther(error: unknown): boolean {
  return error instanceof Error && /database (table )?is locked/.test(error.message);
}

/** Says a failure of the file system or of Deno KV in the store's terms; anything else stays what it is. */
export function storeFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof HubwireError) return error;
  if (isLockedByOther(error)) return storeBusy(path);
  const code = "code" in error ? error.code : undefined;
  if (/not a database|malformed|corrupt/.test(error.message)) {
    return storeDamaged(path, { why: "the file is damaged, or not a store", cause: error });
  }
  if (/disk is full|read-only database|disk I\/O error/.test(error.message)) {
    return notWritable(path, { why: error.message, cause: error });
  }
  if (/^(EACCES|EPERM|EROFS|ENOSPC|EDQUOT)$/.test(String(code))) {
    return notWritable(path, { why: `the file system refuses it (${code})`, cause: error });
  }
  if (typeof code === "string" || /unable to open database file/.test(error.message)) {
    return unavailable(path, {
      why: `the file cannot be opened (${code ?? "by Deno KV"})`,
      cause: error,
    });
  }
  return error;
}

function notWritable(path: string, reason: { why: string; cause: Error }): StoreError {
  return new StoreError("STORE_NOT_WRITABLE", {
    what: `Cannot write the store ${path}`,
    remedy: "Make room on the disk, or make the file and its folder writable. Nothing was changed.",
    ...reason,
  });
}

function unavailable(path: string, reason: { why: string; cause: Error }): StoreError {
  return new StoreError("STORE_UNAVAILABLE", {
    what: `Cannot open the store ${path}`,
    remedy: "Name a file in a folder that exists or can be made.",
    ...reason,
  });
}
