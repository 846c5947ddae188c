/** One way only: what we accept mqtt-packet must accept, with the same fields. */

import mqttPacket, { type Packet as TheirPacket } from "mqtt-packet";
import { Buffer } from "node:buffer";
import { type DecoderOptions, type Packet, PacketDecoder } from "../../../src/codec/mod.ts";
import { MalformedPacketError } from "../../../src/errors.ts";
import { describe, shorten } from "./describe.ts";

/** What mqtt-packet reads otherwise, or `undefined`. */
export function mqttPacketDifference(
  bytes: Uint8Array,
  options: DecoderOptions,
): string | undefined {
  const ours = accepted(bytes, options);
  const theirs: string[] = [];
  let error: Error | undefined;
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  parser.on("packet", (packet) => theirs.push(describe(fromTheirs(packet))));
  parser.on("error", (problem) => error ??= problem);
  parser.parse(Buffer.from(bytes));
  const at = ours.findIndex((line, index) => line !== theirs[index]);
  if (at < 0) return undefined;
  return `mqtt-packet reads packet ${at} as\n  ${shorten(theirs[at] ?? error?.message)}, not\n  ${
    shorten(ours[at])
  }`;
}

function accepted(bytes: Uint8Array, options: DecoderOptions): string[] {
  const decoder = new PacketDecoder(options);
  const lines: string[] = [];
  decoder.push(bytes);
  try {
    for (let packet = decoder.next(); packet; packet = decoder.next()) lines.push(describe(packet));
  } catch (error) {
    if (!(error instanceof MalformedPacketError)) throw error;
  }
  return lines;
}

/** Their names for the same things. */
function fromTheirs(packet: TheirPacket): Packet {
  const packetId = packet.messageId ?? 0;
  switch (packet.cmd) {
    case "connect":
      return fromConnect(packet);
    case "connack":
      return {
        type: "connack",
        sessionPresent: packet.sessionPresent,
        returnCode: packet.returnCode ?? -1,
      };
    case "publish": {
      const { cmd: type, topic, payload, qos, retain, dup } = packet;
      const fields = { type, topic, payload: bytesOf(payload), qos, retain, dup };
      return qos === 0 ? fields : { ...fields, packetId };
    }
    case "subscribe":
      return {
        type: "subscribe",
        packetId,
        subscriptions: packet.subscriptions.map(({ topic, qos }) => ({ topicFilter: topic, qos })),
      };
    case "suback":
      return { type: "suback", packetId, returnCodes: packet.granted as number[] };
    case "unsubscribe":
      return { type: "unsubscribe", packetId, topicFilters: packet.unsubscriptions };
    case "puback":
    case "pubrec":
    case "pubrel":
    case "pubcomp":
    case "unsuback":
      return { type: packet.cmd, packetId };
    case "pingreq":
    case "pingresp":
    case "disconnect":
      return { type: packet.cmd };
    default:
      throw new Error(`mqtt-packet read ${packet.cmd}`);
  }
}

function fromConnect(packet: TheirPacket & { cmd: "connect" }): Packet {
  const { clientId, clean, keepalive, username, password, will } = packet;
  return {
    type: "connect",
    clientId,
    cleanSession: clean ?? false,
    keepAliveSeconds: keepalive ?? 0,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: bytesOf(password) }),
    ...(will === undefined ? {} : { will: { ...fromWill(will) } }),
  };
}

function fromWill(will: NonNullable<(TheirPacket & { cmd: "connect" })["will"]>) {
  const { topic, payload, qos, retain } = will;
  return { topic, payload: bytesOf(payload), qos: qos ?? 0, retain: retain ?? false };
}

/** A Buffer writes itself as JSON of its own kind. */
function bytesOf(buffer: string | Buffer): Uint8Array {
  const { buffer: memory, byteOffset, length } = Buffer.from(buffer);
  return new Uint8Array(memory, byteOffset, length);
}
