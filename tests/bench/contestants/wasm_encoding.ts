import { encodePacket, PacketWriter } from "../../../src/codec/mod.ts";
import type { Batch } from "../batch.ts";
import { Outlet } from "../outlet.ts";
import type { Contestant } from "../workload.ts";

/** As much as a write loop lets pile up. */
const WRITE_SIZE = 64 * 1024;

/** Into the output buffer, large payloads by reference. */
export function wasmWriter(): Contestant<Batch> {
  const writer = new PacketWriter();
  return {
    name: "PacketWriter",
    run({ ours, passes, expected }) {
      const outlet = new Outlet(expected);
      for (let pass = 0; pass < passes; pass++) {
        for (const packet of ours) {
          writer.write(packet);
          if (writer.size >= WRITE_SIZE) flush(writer, outlet);
        }
      }
      flush(writer, outlet);
      return outlet.checksum;
    },
  };
}

/** Bytes of its own for each packet, through the simplest name. */
export function wasmEncodePacket(): Contestant<Batch> {
  return {
    name: "encodePacket",
    run({ ours, passes, expected }) {
      const outlet = new Outlet(expected);
      for (let pass = 0; pass < passes; pass++) {
        for (const packet of ours) outlet.write(encodePacket(packet));
      }
      return outlet.checksum;
    },
  };
}

function flush(writer: PacketWriter, outlet: Outlet): void {
  for (const segment of writer.take()) outlet.write(segment);
  writer.release();
}
