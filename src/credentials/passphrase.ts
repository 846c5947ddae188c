import { requireFileAccess } from "./permission.ts";
import { keyFileUnusable } from "./store_errors.ts";

/** What unlocks a store: one of the two. */
export interface SecretSource {
  /** What somebody knows and types. */
  passphrase?: string | Uint8Array;
  /** The path of a file of random bytes, for machines that nobody attends. */
  keyFile?: string;
}

const KEY_FILE_BYTES = { least: 32, most: 4096 };

/** @throws {TypeError} If there is no secret, an empty one, or one too many. */
export function checkSecretSource(source: SecretSource): void {
  const { passphrase, keyFile } = source;
  if ((passphrase === undefined) === (keyFile === undefined)) {
    throw new TypeError("Cannot open a store: give either a passphrase or a key file");
  }
  if (passphrase?.length === 0 || keyFile === "") {
    throw new TypeError("Cannot open a store: the passphrase or the key file's path is empty");
  }
}

/** The secret as bytes of their own, which the caller fills with zeros after use. */
export async function readSecret(source: SecretSource): Promise<Uint8Array<ArrayBuffer>> {
  const { passphrase, keyFile } = source;
  if (typeof passphrase === "string") return new TextEncoder().encode(passphrase);
  if (passphrase !== undefined) return new Uint8Array(passphrase);
  return await readKeyFile(keyFile ?? "");
}

async function readKeyFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  await requireFileAccess(path, { access: ["read"], what: `Cannot read the key file ${path}` });
  const { size, mode } = await statKeyFile(path);
  if (mode !== null && (mode & 0o077) !== 0) throw keyFileUnusable(path, "others may read it");
  if (size < KEY_FILE_BYTES.least || size > KEY_FILE_BYTES.most) {
    throw keyFileUnusable(path, `it has ${size} bytes, not 32 to 4096`);
  }
  return await Deno.readFile(path);
}

async function statKeyFile(path: string): Promise<Deno.FileInfo> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw keyFileUnusable(path, "there is no such file");
    throw error;
  }
}
