import { requireFileAccess } from "./permission.ts";

/** Why a file cannot be read. */
export interface Unreadable {
  problem: "missing" | "too large" | "unfit";
  /** In words. */
  why: string;
}

/**
 * Reads a file that somebody named, and never more of it than `largest` bytes, whatever it says of its size.
 *
 * A pipe is read where the shell made it, as in `--passphrase-file <(pass show hub)`; any other would make the
 * program wait until somebody writes into it.
 *
 * @throws {PermissionError} With the flag that is missing.
 */
export async function readBoundedFile(
  path: string,
  largest: number,
): Promise<Uint8Array<ArrayBuffer> | Unreadable> {
  await requireFileAccess(path, { access: ["read"], what: `Cannot read ${path}` });
  try {
    const { isFile, isDirectory } = await Deno.stat(path);
    if (isDirectory) return unfit("it is a folder");
    if (!isFile && !path.startsWith("/dev/")) return unfit("it is a pipe or a device, and no file");
    const bytes = await readAtMost(path, largest);
    return bytes ?? { problem: "too large", why: `it is larger than ${largest} bytes` };
  } catch (error) {
    const { NotFound, NotADirectory, PermissionDenied } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) {
      return { problem: "missing", why: "there is no such file" };
    }
    if (error instanceof PermissionDenied) return unfit("the file system does not allow it");
    throw error;
  }
}

/** `undefined` if there is more. */
async function readAtMost(
  path: string,
  largest: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const file = await Deno.open(path);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  // Leaving the loop closes the file.
  for await (const chunk of file.readable) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > largest) return undefined;
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function unfit(why: string): Unreadable {
  return { problem: "unfit", why };
}
