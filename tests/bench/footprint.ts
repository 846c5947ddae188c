import { PacketReader, PacketWriter } from "../../src/codec/mod.ts";
import { WASM_BASE64 } from "../../src/codec/wasm_bytes.ts";

/** What the codec costs when it does nothing, in bytes. */
export interface Footprint {
  /** The WebAssembly module. */
  module: number;
  /** What a connection has of it while it is idle: a reader and a writer. */
  connection: number;
}

const CONNECTIONS = 10_000;

/** Measures; only true as long as the process has little else to throw away. */
export function measureFootprint(): Footprint {
  const before = memoryInUse();
  const connections = Array.from({ length: CONNECTIONS }, () => {
    const reader = new PacketReader();
    return [reader, reader.space(), new PacketWriter()];
  });
  const bytes = memoryInUse() - before;
  return {
    module: Uint8Array.fromBase64(WASM_BASE64).length,
    connection: Math.round(bytes / connections.length),
  };
}

function memoryInUse(): number {
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}
