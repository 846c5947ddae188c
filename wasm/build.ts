/** Writes the compiled `wasm/assembly` to `src/codec/wasm_bytes.ts`; with `--check` compares it, to the byte. */

import { compile, MEMORY_PAGES, toSource } from "./compile.ts";

const TARGET = new URL("../src/codec/wasm_bytes.ts", import.meta.url);

/** Fails unless the module stands alone and its memory is exactly as large as its layout. */
function verify(bytes: Uint8Array<ArrayBuffer>): void {
  const module = new WebAssembly.Module(bytes);
  const imports = WebAssembly.Module.imports(module);
  if (imports.length > 0) throw new Error(`The module imports ${imports[0]?.name}`);
  const { exports } = new WebAssembly.Instance(module);
  const pages = (exports.MEMORY_PAGES as WebAssembly.Global).value;
  if (pages !== MEMORY_PAGES) {
    throw new Error(
      `wasm/compile.ts gives ${MEMORY_PAGES} pages of memory, layout.ts needs ${pages}`,
    );
  }
}

const bytes = await compile();
verify(bytes);
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
