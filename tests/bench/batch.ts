import type { Packet as TheirPacket } from "mqtt-packet";
import { Buffer } from "node:buffer";
import type { Packet } from "../../src/codec/mod.ts";
import { bytesOf } from "./corpus.ts";
import { Outlet } from "./outlet.ts";
import type { Task } from "./workload.ts";

/** Packets to be encoded, so many times over, in the shape that each contestant likes. */
export interface Batch extends Task {
  ours: Packet[];
  theirs: TheirPacket[];
  passes: number;
  /** The bytes that have to come out, in rounds that compare all of them. */
  expected?: Uint8Array;
}

/** The batch of each round. While it is warming up every byte is compared, afterwards the checksum. */
export function batches(theirs: TheirPacket[], passes: number): (round: number) => Batch {
  const expected = new Uint8Array(Buffer.concat(Array(passes).fill(bytesOf(theirs))));
  const outlet = new Outlet();
  outlet.write(expected);
  const batch: Batch = {
    count: theirs.length * passes,
    bytes: expected.length,
    checksum: outlet.checksum,
    ours: theirs.map(ourPacket),
    theirs,
    passes,
  };
  return (round) => round < 0 ? { ...batch, expected } : batch;
}

function ourPacket(packet: TheirPacket): Packet {
  if (packet.cmd === "puback") return { type: "puback", packetId: Number(packet.messageId) };
  if (packet.cmd !== "publish" || typeof packet.payload === "string") {
    throw new TypeError(`Cannot measure the encoding of ${packet.cmd}`);
  }
  const { topic, payload, qos, retain, dup, messageId } = packet;
  const publish = { type: "publish", topic, payload, qos, retain, dup } as const;
  return messageId === undefined ? publish : { ...publish, packetId: messageId };
}
