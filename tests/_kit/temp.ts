/** A folder of a test's own, removed with everything in it at the end of the block. */
export interface TempFolder extends AsyncDisposable {
  /** Its path. */
  path: string;
  /** The path of a file in it. */
  file(name: string): string;
  /** Writes a file in it, readable by its owner only, and returns its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
}

/** Makes a {@linkcode TempFolder}: `await using folder = await tempFolder()`. */
export async function tempFolder(): Promise<TempFolder> {
  const path = await Deno.makeTempDir({ prefix: "hubwire_test_" });
  const file = (name: string) => `${path}/${name}`;
  return {
    path,
    file,
    async write(name, content) {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      await Deno.writeFile(file(name), bytes, { mode: 0o600 });
      return file(name);
    },
    async [Symbol.asyncDispose]() {
      await Deno.remove(path, { recursive: true });
    },
  };
}
