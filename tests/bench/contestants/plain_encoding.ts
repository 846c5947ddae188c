import { plainEncode, PlainWriter } from "../../_kit/plain_codec/mod.ts";
import type { Batch } from "../batch.ts";
import { Outlet } from "../outlet.ts";
import type { Contestant } from "../workload.ts";

/** As much as a write loop lets pile up. */
const WRITE_SIZE = 64 * 1024;

/** Into the output buffer, large payloads by reference. */
export function plainWriter(): Contestant<Batch> {
  const writer = new PlainWriter();
  return {
    name: "plain PacketWriter",
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
export function plainEncodePacket(): Contestant<Batch> {
  return {
    name: "plain encodePacket",
    run({ ours, passes, expected }) {
      const outlet = new Outlet(expected);
      for (let pass = 0; pass < passes; pass++) {
        for (const packet of ours) outlet.write(plainEncode(packet));
      }
      return outlet.checksum;
    },
  };
}

function flush(writer: PlainWriter, outlet: Outlet): void {
  for (const segment of writer.take()) outlet.write(segment);
  writer.release();
}
