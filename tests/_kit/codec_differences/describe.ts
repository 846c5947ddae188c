import type { Packet } from "../../../src/codec/mod.ts";

/** All that a packet says, as one line that is the same for equal packets. */
export function describe(packet: Packet): string {
  if (packet.type !== "publish") return JSON.stringify(packet, writeFields);
  // Most are of this type, and their fields may be made on first use.
  const { topic, payload, qos, retain, dup, packetId } = packet;
  const flags = `QoS ${qos}${retain ? " retain" : ""}${dup ? " dup" : ""} id ${packetId}`;
  return `publish ${flags} to ${JSON.stringify(topic)}: ${payload.toHex()}`;
}

/** Bytes become hex, fields come in order. */
function writeFields(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return value.toHex();
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort());
}

/** As much of a line as tells what it is about. */
export function shorten(line = "nothing"): string {
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
