import mqttPacket, { type Packet } from "mqtt-packet";
import type { Stream } from "../corpus.ts";
import type { Contestant } from "../workload.ts";

/** The decoder of MQTT.js. It is given what Node gives: buffers that are its own, so it never copies. */
export function mqttPacketDecoding(): Contestant<Stream> {
  let sum = 0;
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  parser.on("packet", (packet: Packet) => {
    sum += 1 + (packet.messageId ?? 0);
    if (packet.cmd !== "publish") return;
    sum += packet.topic.length + packet.payload.length + Number(packet.payload[0]);
  });
  return {
    name: "mqtt-packet",
    run(stream) {
      sum = 0;
      for (const buffer of stream.buffers) parser.parse(buffer);
      return sum;
    },
  };
}
