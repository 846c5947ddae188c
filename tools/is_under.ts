/** Whether a file is the path, or begins so where the path ends in "/" or "*". */
export function isUnder(file: string, path: string): boolean {
  if (path.endsWith("/")) return file.startsWith(path);
  return path.endsWith("*") ? file.startsWith(path.slice(0, -1)) : file === path;
}
