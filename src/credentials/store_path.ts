import { PermissionError, StoreError } from "../errors.ts";
import { isGranted } from "./permission.ts";

/**
 * Where the store is if nobody says: `HUBWIRE_STORE`, else below `XDG_DATA_HOME`, else below the home folder.
 *
 * A variable is read only where that is granted already: asking for it would make Deno ask a human.
 *
 * @throws {PermissionError} If a variable that would tell may not be read.
 * @throws {StoreError} `STORE_NOT_FOUND` if all of them may be read and none is set.
 */
export async function defaultStorePath(): Promise<string> {
  const named = await readVariable("HUBWIRE_STORE");
  if (named) return named;
  const data = await readVariable("XDG_DATA_HOME");
  if (data) return `${data}/hubwire/store.db`;
  const home = await readVariable("HOME");
  if (home) return `${home}/.local/share/hubwire/store.db`;
  throw new StoreError("STORE_NOT_FOUND", {
    what: "Cannot tell where the store is",
    why: "no path was given, and none of HUBWIRE_STORE, XDG_DATA_HOME and HOME is set",
    remedy: "Name a path, or set HUBWIRE_STORE.",
  });
}

/** @throws {TypeError} If it is no path. A URL would be a database somewhere else, which nobody has locked or sealed. */
export function checkStorePath(path: string): void {
  if (path === "") throw new TypeError("Cannot open a store: its path is empty");
  if (!/^https?:\/\//i.test(path)) return;
  // Not quoted: a URL may have a password in it.
  throw new TypeError("Cannot open a store: it has to be a file, and a URL is none");
}

async function readVariable(variable: string): Promise<string | undefined> {
  if (await isGranted({ name: "env", variable })) return Deno.env.get(variable);
  throw new PermissionError("--allow-env=HUBWIRE_STORE,XDG_DATA_HOME,HOME", {
    what: "Cannot tell where the store is",
    why: `no path was given, and Deno was started without permission to read ${variable}`,
  });
}
