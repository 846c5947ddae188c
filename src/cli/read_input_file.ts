import { requireFileAccess } from "../credentials/permission.ts";
import { CliError } from "./cli_error.ts";
import type { Io } from "./io.ts";

const MIB = 1024 * 1024;

/**
 * Reads a file that an argument names.
 *
 * @throws {CliError} If it does not exist, cannot be read or is too large.
 * @throws {PermissionError} With the flag that is missing.
 */
export async function readInputFile(
  path: string,
  { largest = MIB }: { largest?: number } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  await requireFileAccess(path, { access: ["read"], what: `Cannot read ${path}` });
  try {
    const { isDirectory, size } = await Deno.stat(path);
    if (isDirectory) throw unreadable(path, "it is a folder");
    if (size > largest) throw unreadable(path, `it is larger than ${largest} bytes`);
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw notFound(path);
    if (error instanceof Deno.errors.PermissionDenied) {
      throw unreadable(path, "the file system does not allow it");
    }
    throw error;
  }
}

/** The same as text. */
export async function readInputText(path: string): Promise<string> {
  const bytes = await readInputFile(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw unreadable(path, "it is not text in UTF-8");
  }
}

/** The first line of a file, which is a secret: others should not be able to read it. */
export async function readSecretFile(path: string, io: Io): Promise<string> {
  const text = await readInputText(path);
  const { mode } = await Deno.stat(path);
  if (mode !== null && (mode & 0o077) !== 0) {
    io.note(`others can read ${path}: chmod 600 ${path}`);
  }
  return text.replace(/\r?\n$/, "");
}

function notFound(path: string): CliError {
  return new CliError("FILE_NOT_FOUND", {
    what: `Cannot read ${path}`,
    why: "there is no such file",
    remedy: "Name a file that exists.",
  });
}

function unreadable(path: string, why: string): CliError {
  return new CliError("FILE_UNREADABLE", {
    what: `Cannot read ${path}`,
    why,
    remedy: "Name the right file.",
  });
}
