import { MEMORY_PAGES } from "./compile.ts";

/** Why a compiled module is not fit to be shipped: it has to stand alone, and its memory has to be as large as its layout. */
export function faultOf(bytes: Uint8Array<ArrayBuffer>): string | undefined {
  const module = new WebAssembly.Module(bytes);
  const imports = WebAssembly.Module.imports(module);
  if (imports.length > 0) return `The module imports ${imports[0]?.name}`;
  const { exports } = new WebAssembly.Instance(module);
  const pages = (exports.MEMORY_PAGES as WebAssembly.Global).value;
  if (pages === MEMORY_PAGES) return undefined;
  return `wasm/compile.ts gives ${MEMORY_PAGES} pages of memory, layout.ts needs ${pages}`;
}
