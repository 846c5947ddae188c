import { dirname, join } from "node:path";

/** A small project in a temporary folder, which goes when it is disposed of. */
export interface FixtureProject extends AsyncDisposable {
  root: string;
}

/** Writes the files, each by its path from the root. */
export async function makeProject(files: Record<string, string>): Promise<FixtureProject> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "hubwire_fixture_" }));
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(dirname(join(root, path)), { recursive: true });
    await Deno.writeTextFile(join(root, path), text);
  }
  return { root, [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }) };
}
