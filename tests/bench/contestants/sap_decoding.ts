import { Decoder } from "@sap/xb-msg-mqtt-v311/lib/serialize/decoder.js";
import packets from "@sap/xb-msg-mqtt-v311/lib/model/packets.js";
import type { Buffer } from "node:buffer";
import type { Stream } from "../corpus.ts";
import type { Contestant } from "../workload.ts";

/** As far as it matters here; the package has no types. */
interface Packet {
  packetID?: number;
  topic?: string;
  payload?: { chunks: Buffer[]; size(): number };
}

/** The decoder of SAP's client. It hands out the pieces of a payload, which it neither copies nor joins. */
export function sapDecoding(): Contestant<Stream> {
  let sum = 0;
  const decoder = new Decoder(packets.buildPacket, ({ packetID, topic, payload }: Packet) => {
    sum += 1 + (packetID ?? 0);
    if (topic === undefined || payload === undefined) return;
    sum += topic.length + payload.size() + Number(payload.chunks[0]?.[0]);
  });
  return {
    name: "SAP xb-msg",
    run(stream) {
      sum = 0;
      for (const buffer of stream.buffers) decoder.push(buffer);
      return sum;
    },
  };
}
