/** Why a packet may not be sent: kind of mistake, statement, sentence. */
const MISTAKES = {
  surrogate: [TypeError, "MQTT-1.5.3-1", "it has a lone surrogate"],
  nul: [TypeError, "MQTT-1.5.3-2", "it contains U+0000"],
  control: [TypeError, "1.5.3", "it contains a control character or a non-character"],
  textLength: [RangeError, "1.5.3", "it is longer than 65535 bytes of UTF-8"],
  emptyTopic: [TypeError, "MQTT-4.7.3-1", "it is empty"],
  wildcard: [TypeError, "MQTT-3.3.2-2", "a topic name may not contain + or #"],
  hash: [TypeError, "MQTT-4.7.1-2", "# must be a whole level, and the last"],
  plus: [TypeError, "MQTT-4.7.1-3", "+ must be a whole level"],
  packetId: [RangeError, "MQTT-2.3.1-1", "a packet identifier from 1 to 65535 is needed"],
  qos0PacketId: [TypeError, "MQTT-2.3.1-5", "a QoS 0 PUBLISH has no packet identifier"],
  dup: [TypeError, "MQTT-3.3.1-2", "a QoS 0 PUBLISH has no DUP flag"],
  size: [RangeError, "2.2.3", "the packet is larger than 268435455 bytes"],
} as const;

/** Refuses `what`, the field or packet, because of what stands `at` there. */
export function refuse(mistake: keyof typeof MISTAKES, what: string, at: number): never {
  const [Mistake, statement, why] = MISTAKES[mistake];
  throw new Mistake(`Cannot encode ${what}: ${why} [${statement}] (at ${at})`);
}
