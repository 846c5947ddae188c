import packets from "@sap/xb-msg-mqtt-v311/lib/model/packets.js";
import { Encoder } from "@sap/xb-msg-mqtt-v311/lib/serialize/encoder.js";
import type { Packet as TheirPacket } from "mqtt-packet";
import { Buffer } from "node:buffer";
import type { Batch } from "../batch.ts";
import { Outlet } from "../outlet.ts";
import type { Contestant } from "../workload.ts";

/** From this size on its client hands payloads on by reference: its own default. */
const COPY_LIMIT = 1024;
const BUFFER_SIZE = 64 * 1024;

/** The encoder of SAP's client, with one buffer that it may use again at once, as its client does. */
export function sapEncoding(): Contestant<Batch> {
  const buffer = Buffer.alloc(BUFFER_SIZE);
  const shaped = new Map<TheirPacket[], unknown[]>();
  return {
    name: "SAP xb-msg",
    run({ theirs, passes, expected }) {
      const outlet = new Outlet(expected);
      const encoder = new Encoder(
        { ostreamPayloadCopyLimit: COPY_LIMIT },
        () => buffer,
        (bytes: Buffer) => outlet.write(bytes),
      );
      const list = shaped.get(theirs) ?? theirs.map(sapPacket);
      shaped.set(theirs, list);
      for (let pass = 0; pass < passes; pass++) {
        for (const packet of list) encoder.push(packet);
      }
      encoder.flush();
      return outlet.checksum;
    },
  };
}

function sapPacket(packet: TheirPacket): unknown {
  if (packet.cmd === "puback") {
    return Object.assign(new packets.PublishAcknowledge(), { packetID: packet.messageId });
  }
  if (packet.cmd !== "publish") throw new TypeError(`Cannot measure the encoding of ${packet.cmd}`);
  const { topic, payload, qos, messageId } = packet;
  return Object.assign(new packets.Publish(), { topic, payload, qos, packetID: messageId ?? 0 });
}
