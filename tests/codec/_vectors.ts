import type { Packet, Role } from "../../src/codec/mod.ts";
import { fromHex } from "../_kit/hex.ts";
import malformed from "./vectors/malformed.json" with { type: "json" };
import wellFormed from "./vectors/well_formed.json" with { type: "json" };

/** A packet and its bytes. */
export interface WellFormed {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  packet: Packet;
  decodeOnly: boolean;
}

/** Bytes that must be refused. */
export interface Malformed {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  role: Role;
  maximumPacketSize: number | undefined;
  statement: string;
  offset: number;
  code: string;
}

const BYTE_FIELDS = new Set(["payload", "password"]);

/** Byte strings are hex in the file. */
function revive(value: unknown): Packet {
  return JSON.parse(
    JSON.stringify(value),
    (key, field) => BYTE_FIELDS.has(key) ? fromHex(field) : field,
  );
}

export const WELL_FORMED: WellFormed[] = wellFormed.map((vector) => ({
  name: vector.name,
  bytes: fromHex(vector.hex),
  packet: revive(vector.packet),
  decodeOnly: "decodeOnly" in vector,
}));

interface MalformedEntry {
  name: string;
  hex: string;
  statement: string;
  offset: number;
  role?: Role;
  maximumPacketSize?: number;
  code?: string;
}

export const MALFORMED: Malformed[] = (malformed as MalformedEntry[]).map((vector) => ({
  name: vector.name,
  bytes: fromHex(vector.hex),
  role: vector.role ?? "client",
  maximumPacketSize: vector.maximumPacketSize,
  statement: vector.statement,
  offset: vector.offset,
  code: vector.code ?? "MQTT_MALFORMED_PACKET",
}));
