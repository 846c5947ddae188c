import { CredentialStore } from "../credentials/mod.ts";
import { requireFileAccess } from "../credentials/permission.ts";
import { storeNotFound } from "../credentials/store_errors.ts";
import { checkStorePath, defaultStorePath } from "../credentials/store_path.ts";
import { PermissionError, StoreError } from "../errors.ts";
import { checkArgument, usageError } from "./cli_error.ts";
import type { Flags, FlagTable } from "./flags.ts";
import type { Io } from "./io.ts";
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
  // A variable that is set to nothing is as good as none; a flag says what it says.
  const named = flags.text("store") ?? (await io.variable("HUBWIRE_STORE") || undefined);
  if (named === undefined) return { path: await defaultStorePath(), isNamed: false };
  checkArgument("Cannot use that store", () => checkStorePath(named));
  return { path: named, isNamed: true };
}

/**
 * The same, but `undefined` where nobody named a store and there is none at the usual place, or none can be told.
 * That the environment may not be read is said: it may well name one.
 */
export async function findExistingStore(
  flags: StoreFlags,
  io: Io,
): Promise<StorePlace | undefined> {
  try {
    const place = await findStore(flags, io);
    return place.isNamed || await storeExists(place.path) ? place : undefined;
  } catch (error) {
    // Without a home folder there is no usual place.
    if (error instanceof StoreError && error.code === "STORE_NOT_FOUND") return undefined;
    if (!(error instanceof PermissionError && error.flag.startsWith("--allow-env"))) throw error;
    io.note(
      `no store was looked for, so there is no certificate: name one with --store, or run with ${error.flag}; ` +
        "or say --no-store",
    );
    return undefined;
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
  if (isNew && !create) throw storeNotFound(path);
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
