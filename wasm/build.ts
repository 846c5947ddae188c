/** Writes the compiled `wasm/assembly` to `src/codec/wasm_bytes.ts`; with `--check` compares it, to the byte. */

import { compile, toSource } from "./compile.ts";
import { faultOf } from "./verify.ts";

const TARGET = new URL("../src/codec/wasm_bytes.ts", import.meta.url);

const bytes = await compile();
const fault = faultOf(bytes);
if (fault) throw new Error(fault);
const source = toSource(bytes);
if (Deno.args.includes("--check")) {
  if (await Deno.readTextFile(TARGET) !== source) {
    throw new Error(
      "src/codec/wasm_bytes.ts is not what wasm/assembly compiles to: run `deno task build:wasm`",
    );
  }
  console.log(`src/codec/wasm_bytes.ts is up to date (${bytes.length} bytes of WASM)`);
} else {
  await Deno.writeTextFile(TARGET, source);
  console.log(`src/codec/wasm_bytes.ts written (${bytes.length} bytes of WASM)`);
}
