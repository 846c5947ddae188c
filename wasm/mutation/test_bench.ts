import { compile, toSource } from "../compile.ts";
import { faultOf } from "../verify.ts";
import type { Mutant } from "./mutants.ts";

/** What became of a mutant. `same` compiles to the bytes of the original, `broken` is refused by the build. */
export type Outcome = "killed" | "survived" | "same" | "broken";

/** A test that hangs kills a mutant too: it may take so many times as long as without a change. */
const PATIENCE = 5;
const LONGEST_MS = 300_000;

/** They show what decoding costs, and not whether it is right. */
const NOT_RUN = ["memory_test.ts", "linear_work_test.ts"];

/** A copy of what the tests of the codec need, in which one mutant after the other is tried. */
export class TestBench implements AsyncDisposable {
  readonly #folder: string;
  #timeoutMs = LONGEST_MS;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Copies what is needed from the repository. */
  static async set(root: string): Promise<TestBench> {
    const folder = await Deno.makeTempDir({ prefix: "hubwire_mutants_" });
    const paths = ["deno.json", "deno.lock", "src", "tests/codec", "tests/_kit", "links"];
    await Deno.mkdir(`${folder}/tests`);
    for (const path of paths) await copy(`${root}/${path}`, `${folder}/${path}`);
    return new TestBench(folder);
  }

  /** Builds the mutant and runs the tests of the codec with it. */
  async try(mutant: Mutant, original: Uint8Array): Promise<Outcome> {
    const bytes = await buildOrNot(mutant);
    if (!bytes) return "broken";
    if (bytes.toBase64() === original.toBase64()) return "same";
    return await this.#passes(bytes) ? "survived" : "killed";
  }

  /** Runs the tests with the unchanged module, to know how long they take; whether they pass. */
  async rehearse(original: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const start = performance.now();
    const success = await this.#passes(original);
    this.#timeoutMs = PATIENCE * (performance.now() - start);
    return success;
  }

  async #passes(bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    await Deno.writeTextFile(`${this.#folder}/src/codec/wasm_bytes.ts`, toSource(bytes));
    return await this.#testsPass();
  }

  async #testsPass(): Promise<boolean> {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        "-A",
        "--no-check",
        "--fail-fast",
        "--quiet",
        `--ignore=${NOT_RUN.map((name) => `tests/codec/${name}`)}`,
        "tests/codec",
      ],
      cwd: this.#folder,
      env: { SEED: "7" },
      stdout: "null",
      stderr: "null",
      detached: true,
    }).spawn();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      // With all that the tests have started, which would go on for ever.
      Deno.kill(-child.pid, "SIGKILL");
    }, this.#timeoutMs);
    const { success } = await child.status;
    clearTimeout(timer);
    return success && !isLate;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

async function buildOrNot(mutant: Mutant): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const bytes = await compile(new Map([[mutant.file, mutant.source]]));
    return faultOf(bytes) ? undefined : bytes;
  } catch (error) {
    // The compiler's own refusal; anything else is told.
    if (error instanceof Error && error.message.includes("does not compile")) return undefined;
    throw error;
  }
}

async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) await copy(`${from}/${name}`, `${to}/${name}`);
}
