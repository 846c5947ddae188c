const BLOCK = 512;

/** The files of a tar archive by their absolute path. It must hold nothing but files. */
export function readTar(archive: Uint8Array<ArrayBuffer>): Map<string, Uint8Array<ArrayBuffer>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0;) {
    const type = text(archive, at + 156, 1);
    if (type !== "0" && type !== "") throw new Error(`Cannot read a tar entry of type ${type}`);
    const size = Number.parseInt(text(archive, at + 124, 12), 8);
    const prefix = text(archive, at + 257, 5) === "ustar" ? text(archive, at + 345, 155) : "";
    const name = text(archive, at, 100);
    const path = prefix === "" ? name : `${prefix}/${name}`;
    files.set(`/${path}`, archive.slice(at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/** A field of a header, up to the first zero byte. */
function text(archive: Uint8Array, at: number, length: number): string {
  const [field = ""] = new TextDecoder().decode(archive.subarray(at, at + length)).split("\0");
  return field.trim();
}
