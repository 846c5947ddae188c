/**
 * What can go wrong with an outbox, in words. Deno KV tells its failures apart by their text only, so this
 * is the one file that reads such texts; the tests provoke them, and notice if a later Deno rewords one.
 */
import {
  DamagedMessagesError,
  HubwireError,
  OutboxFullError,
  PermissionError,
  StoreError,
} from "../errors.ts";
import type { CheckedLimits } from "./limits.ts";

/** There is no room, and it is not to be waited for. */
export function outboxFull({ maximumCount, maximumBytes }: CheckedLimits): OutboxFullError {
  return new OutboxFullError("OUTBOX_FULL", {
    what: "Cannot store the message",
    why: `the outbox is full (at most ${maximumCount} messages and ${maximumBytes} bytes)`,
    remedy: "Try again when something was delivered, or allow the outbox more.",
  });
}

/** Waiting would be for ever. */
export function messageTooLarge(bytes: number, maximumBytes: number): OutboxFullError {
  return new OutboxFullError("OUTBOX_MESSAGE_TOO_LARGE", {
    what: "Cannot store the message",
    why: `its payload of ${bytes} bytes is larger than the whole outbox may be (${maximumBytes})`,
    remedy: "Allow the outbox more bytes, or publish less at once.",
  });
}

/** Not opened yet, or closed meanwhile. */
export function outboxClosed(): StoreError {
  return new StoreError("STORE_UNAVAILABLE", {
    what: "Cannot use the outbox",
    why: "it is closed",
    remedy: "Open it first.",
  });
}

/** Deno was started without its key-value store. */
export function kvUnavailable(path: string): StoreError {
  return new StoreError("STORE_UNAVAILABLE", {
    what: `Cannot open the outbox ${path}`,
    why: "Deno KV is not switched on",
    remedy: "Run again with --unstable-kv",
  });
}

/** Reading or writing the file is not allowed. */
export function outboxForbidden(path: string, missing: readonly string[]): PermissionError {
  return new PermissionError(missing.map((name) => `--allow-${name}=${path}`).join(" "), {
    what: `Cannot open the outbox ${path}`,
    why: `Deno was started without permission to ${missing.join(" and ")} ${path}`,
  });
}

/** An outbox has one user at a time. */
export function outboxBusy(
  path: string,
  options: { holder?: number | undefined; cause?: unknown } = {},
): StoreError {
  const { holder, cause } = options;
  return new StoreError("STORE_BUSY", {
    what: `Cannot use the outbox ${path}`,
    why: holder === undefined
      ? "another process holds it"
      : holder === Deno.pid
      ? "this program has it open already"
      : `process ${holder} holds it`,
    remedy: "Give every program an outbox of its own, or wait until the other one has ended.",
    cause,
  });
}

/** The file as a whole is of no use. */
export function outboxDamaged(
  path: string,
  reason: { why: string; cause?: unknown },
): StoreError {
  return new StoreError("STORE_DAMAGED", {
    what: `Cannot use the outbox ${path}`,
    remedy: "Name another path, or move the file away. Nothing was changed in it.",
    ...reason,
  });
}

/** It is sealed and the key is not the one, or there is a key and it is not sealed. */
export function outboxLocked(path: string, why: string): StoreError {
  return new StoreError("STORE_LOCKED", {
    what: `Cannot open the outbox ${path}`,
    why,
    remedy: "Give the key that it was made with, or name another path.",
  });
}

/** One record is of no use; all others are. */
export function damagedMessages(
  path: string,
  range: { first: number; last: number },
): DamagedMessagesError {
  const { first, last } = range;
  const which = first === last ? `message ${first}` : `messages ${first} to ${last}`;
  return new DamagedMessagesError(range, {
    what: `Cannot read ${which} of the outbox ${path}`,
    why: "their record in the file is damaged",
    remedy: `Read on behind ${last}; remove what cannot be read.`,
  });
}

/** Says a failure of the file system or of Deno KV in the outbox's terms; anything else stays what it is. */
export function outboxFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof HubwireError) return error;
  const { message } = error;
  const code = "code" in error ? String(error.code) : "";
  if (/database (table )?is locked/.test(message)) return outboxBusy(path, { cause: error });
  if (/not a database|malformed|corrupt/.test(message)) {
    return outboxDamaged(path, { why: "the file is damaged, or not an outbox", cause: error });
  }
  if (/disk is full|read-only database|readonly database|disk I\/O error/.test(message)) {
    return notWritable(path, { why: message, cause: error });
  }
  if (/^(EACCES|EPERM|EROFS|ENOSPC|EDQUOT)$/.test(code)) {
    const why = `the file system refuses it (${code})`;
    return notWritable(path, { why, cause: error });
  }
  if (code !== "" || /unable to open database file/.test(message)) {
    const why = `the file cannot be opened (${code || "by Deno KV"})`;
    return outboxUnfit(path, { why, cause: error });
  }
  return error;
}

/** What has that name is no file that could be an outbox. */
export function outboxUnfit(path: string, reason: { why: string; cause?: unknown }): StoreError {
  return new StoreError("STORE_UNAVAILABLE", {
    what: `Cannot open the outbox ${path}`,
    remedy: "Name a file in a folder that exists or can be made.",
    ...reason,
  });
}

function notWritable(path: string, reason: { why: string; cause: Error }): StoreError {
  return new StoreError("STORE_NOT_WRITABLE", {
    what: `Cannot write the outbox ${path}`,
    remedy: "Make room on the disk, or make the file and its folder writable. What it has is safe.",
    ...reason,
  });
}
