import { posix } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = slashed(fileURLToPath(new URL("../..", import.meta.url)));

/** A file as it is called from the root of the repository, with forward slashes: `src/errors.ts`. */
export function repositoryPath(filename: string): string {
  const path = slashed(filename);
  return posix.normalize(path.startsWith(ROOT) ? path.slice(ROOT.length) : path);
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
