import { readBoundedFile } from "../credentials/bounded_file.ts";
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
  const read = await readBoundedFile(path, largest);
  if (read instanceof Uint8Array) return read;
  if (read.problem !== "missing") throw unreadable(path, read.why);
  throw new CliError("FILE_NOT_FOUND", {
    what: `Cannot read ${path}`,
    why: read.why,
    remedy: "Name a file that exists.",
  });
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
  const { mode, isFile } = await Deno.stat(path);
  if (isFile && mode !== null && (mode & 0o077) !== 0) {
    io.note(`others can read ${path}: chmod 600 ${path}`);
  }
  const [line = ""] = text.split(/\r?\n/, 1);
  return line;
}

function unreadable(path: string, why: string): CliError {
  return new CliError("FILE_UNREADABLE", {
    what: `Cannot read ${path}`,
    why,
    remedy: "Name the right file.",
  });
}
