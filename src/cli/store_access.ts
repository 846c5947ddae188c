import { CredentialStore } from "../credentials/mod.ts";
import { requireFileAccess } from "../credentials/permission.ts";
import { defaultStorePath } from "../credentials/store_path.ts";
import { PermissionError, StoreError } from "../errors.ts";
import { usageError } from "./cli_error.ts";
import type { Flags, FlagTable } from "./flags.ts";
import type { Io } from "./io.ts";
import { PROGRAM } from "./program_name.ts";
import { withSecret } from "./secrets.ts";

/** The flags that say where the store is and what unlocks it. */
export const STORE_FLAGS = {
  "store": { value: "PATH", about: "the store's file; else HUBWIRE_STORE, else the usual place" },
  "store-passphrase-file": {
    value: "FILE",
    about: "a file with its passphrase; else HUBWIRE_STORE_PASSPHRASE, else you are asked",
  },
} as const satisfies FlagTable;

type StoreFlags = Flags<keyof typeof STORE_FLAGS>;

/** Where the store is, and whether somebody said so. */
export interface StorePlace {
  path: string;
  isNamed: boolean;
}

/**
 * Where the store is: as the flag says, else as the environment says, else the usual place.
 *
 * @throws {PermissionError} If nobody said, and the usual place cannot be told without reading the environment.
 */
export async function findStore(flags: StoreFlags, io: Io): Promise<StorePlace> {
  const named = flags.text("store") || await io.variable("HUBWIRE_STORE");
  return named
    ? { path: named, isNamed: true }
    : { path: await defaultStorePath(), isNamed: false };
}

/** The same, but `undefined` where nobody named a store and there is none at the usual place. */
export async function findExistingStore(
  flags: StoreFlags,
  io: Io,
): Promise<StorePlace | undefined> {
  try {
    const place = await findStore(flags, io);
    return place.isNamed || await storeExists(place.path) ? place : undefined;
  } catch (error) {
    // Without a home folder, or leave to know it, there is no usual place.
    const isHomeless = error instanceof StoreError && error.code === "STORE_NOT_FOUND" ||
      error instanceof PermissionError && error.flag.startsWith("--allow-env");
    if (isHomeless) return undefined;
    throw error;
  }
}

/**
 * Opens the store, with its passphrase from wherever that is; makes one only if told so.
 *
 * @throws {StoreError} `STORE_NOT_FOUND` if there is none to open.
 */
export async function openStore(
  flags: StoreFlags,
  io: Io,
  { place, create }: { place: StorePlace; create: boolean },
): Promise<CredentialStore> {
  const { path } = place;
  const what = `Cannot open the store ${path}`;
  await requireFileAccess(path, { access: ["read", "write"], what });
  const isNew = !await storeExists(path);
  if (isNew && !create) throw noStore(path);
  const store = await withSecret(
    {
      what: `passphrase of the store ${path}`,
      fileFlag: "--store-passphrase-file",
      file: flags.text("store-passphrase-file"),
      variable: "HUBWIRE_STORE_PASSPHRASE",
      isNew,
      wrongCode: "STORE_LOCKED",
    },
    io,
    {
      attempt: (passphrase) => {
        if (passphrase === "") throw emptyPassphrase(path);
        return CredentialStore.open({ path, passphrase, create });
      },
    },
  );
  for (const warning of store.warnings) io.note(warning);
  return store;
}

async function storeExists(path: string): Promise<boolean> {
  await requireFileAccess(path, { access: ["read"], what: `Cannot look for the store ${path}` });
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}

function emptyPassphrase(path: string): Error {
  return usageError({
    what: `Cannot open the store ${path}`,
    why: "the passphrase is empty",
    remedy: "Give the store's passphrase; it is never empty.",
  });
}

function noStore(path: string): StoreError {
  return new StoreError("STORE_NOT_FOUND", {
    what: `Cannot open the store ${path}`,
    why: "there is no such file",
    remedy:
      `Name the right one with --store, or make it: ${PROGRAM} store add device.pfx --host HOST`,
  });
}
