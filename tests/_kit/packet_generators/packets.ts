/** Packets that may be sent. */

import type { Packet, Role } from "../../../src/codec/mod.ts";
import type { Dice } from "./dice.ts";
import { makeText, makeTopicFilter, makeTopicName } from "./texts.ts";

const QOS = [0, 1, 2] as const;

const MAKERS: Record<Packet["type"], (dice: Dice) => Packet> = {
  connect: makeConnect,
  connack: (dice) => {
    const sessionPresent = dice.chance(0.5);
    return { type: "connack", sessionPresent, returnCode: sessionPresent ? 0 : dice.below(6) };
  },
  publish: makePublish,
  puback: (dice) => ({ type: "puback", packetId: makePacketId(dice) }),
  pubrec: (dice) => ({ type: "pubrec", packetId: makePacketId(dice) }),
  pubrel: (dice) => ({ type: "pubrel", packetId: makePacketId(dice) }),
  pubcomp: (dice) => ({ type: "pubcomp", packetId: makePacketId(dice) }),
  subscribe: (dice) => ({
    type: "subscribe",
    packetId: makePacketId(dice),
    subscriptions: dice.list(listLength(dice), () => ({
      topicFilter: makeTopicFilter(dice),
      qos: dice.pick(QOS),
    })),
  }),
  suback: (dice) => ({
    type: "suback",
    packetId: makePacketId(dice),
    returnCodes: dice.list(listLength(dice), () => dice.pick([0, 1, 2, 128])),
  }),
  unsubscribe: (dice) => ({
    type: "unsubscribe",
    packetId: makePacketId(dice),
    topicFilters: dice.list(listLength(dice), () => makeTopicFilter(dice)),
  }),
  unsuback: (dice) => ({ type: "unsuback", packetId: makePacketId(dice) }),
  pingreq: () => ({ type: "pingreq" }),
  pingresp: () => ({ type: "pingresp" }),
  disconnect: () => ({ type: "disconnect" }),
};

/** What each role reads; PUBLISH is what there is most of. */
const TYPES: Record<Role, readonly Packet["type"][]> = {
  client: ["connack", "puback", "pubrec", "pubrel", "pubcomp", "suback", "unsuback", "pingresp"],
  server: [
    "connect",
    "puback",
    "pubrec",
    "pubrel",
    "pubcomp",
    "subscribe",
    "unsubscribe",
    "pingreq",
    "disconnect",
  ],
  any: Object.keys(MAKERS) as Packet["type"][],
};

/** A packet that may be sent to somebody in that role. */
export function makePacket(dice: Dice, role: Role = "any"): Packet {
  return MAKERS[dice.chance(0.4) ? "publish" : dice.pick(TYPES[role])](dice);
}

function makePacketId(dice: Dice): number {
  return dice.chance(0.1) ? dice.pick([1, 255, 256, 65_535]) : dice.between(1, 65_535);
}

function listLength(dice: Dice): number {
  return dice.chance(0.02) ? dice.between(100, 2000) : dice.between(1, 5);
}

function makePublish(dice: Dice): Packet {
  const topic = makeTopicName(dice);
  const payload = makeBytes(dice);
  const retain = dice.chance(0.2);
  if (dice.chance(0.4)) return { type: "publish", topic, payload, qos: 0, retain, dup: false };
  const qos = dice.pick([1, 2] as const);
  const dup = dice.chance(0.2);
  return { type: "publish", topic, payload, qos, retain, dup, packetId: makePacketId(dice) };
}

function makeConnect(dice: Dice): Packet {
  const clientId = makeText(dice);
  const packet: Packet = {
    type: "connect",
    clientId,
    cleanSession: clientId === "" || dice.chance(0.5),
    keepAliveSeconds: dice.pick([0, 1, 60, 65_535]),
  };
  if (dice.chance(0.5)) packet.username = makeText(dice);
  if (packet.username !== undefined && dice.chance(0.5)) packet.password = makeBytes(dice, 300);
  if (dice.chance(0.5)) {
    packet.will = {
      topic: makeTopicName(dice),
      payload: makeBytes(dice, 300),
      qos: dice.pick(QOS),
      retain: dice.chance(0.5),
    };
  }
  return packet;
}

/** Sizes around which something changes: lengths of lengths, and what is collected in a buffer of its own. */
const SIZES = [0, 1, 127, 128, 4088, 4096, 8192, 16_380, 16_384];

function makeBytes(dice: Dice, limit = 70_000): Uint8Array<ArrayBuffer> {
  const kind = dice.below(1000);
  const size = kind < 900
    ? dice.below(50)
    : kind < 950
    ? dice.pick(SIZES) + dice.below(8)
    : kind < 990
    ? dice.below(5000)
    : dice.below(70_000);
  const start = dice.below(256);
  return new Uint8Array(Math.min(size, limit)).map((_, at) => start + at * 7);
}
