import mqttPacket from "mqtt-packet";
import type { Batch } from "../batch.ts";
import { Outlet } from "../outlet.ts";
import type { Contestant } from "../workload.ts";

/** A buffer of its own for each packet. */
export function mqttPacketGenerate(): Contestant<Batch> {
  return {
    name: "mqtt-packet",
    run({ theirs, passes, expected }) {
      const outlet = new Outlet(expected);
      for (let pass = 0; pass < passes; pass++) {
        for (const packet of theirs) outlet.write(mqttPacket.generate(packet));
      }
      return outlet.checksum;
    },
  };
}

/** Piece by piece into a stream, payloads by reference; the stream costs nothing. */
export function mqttPacketWriteToStream(): Contestant<Batch> {
  return {
    name: "mqtt-packet writeToStream",
    run({ theirs, passes, expected }) {
      const outlet = new Outlet(expected);
      const stream = {
        write: (piece: Uint8Array | string) => {
          if (typeof piece === "string") outlet.writeText(piece);
          else outlet.write(piece);
          return true;
        },
        cork: () => {},
        uncork: () => {},
      } as unknown as NodeJS.WritableStream;
      for (let pass = 0; pass < passes; pass++) {
        for (const packet of theirs) mqttPacket.writeToStream(packet, stream);
      }
      return outlet.checksum;
    },
  };
}
