/** Packets on their way out: heads of PUBLISH, and the frame around every other packet. */

import {
  INVALID_DUP,
  INVALID_PACKET_ID,
  INVALID_QOS,
  INVALID_QOS0_PACKET_ID,
  INVALID_SIZE,
} from "./codes";
import { handleAddress, handleLength } from "./handles";
import { fail } from "./status";
import { copyBlocks, writeUint16 } from "./bytes";

const LARGEST_REMAINING_LENGTH: i32 = 268435455;
const DUP: u32 = 8;

/** Room that a frame needs before its body. */
export const HEAD_ROOM: i32 = 5;

/** Writes the remaining length to `at`, as short as can be; returns the address behind it. */
// @ts-ignore: decorator
@inline
function writeRemainingLength(at: i32, length: i32): i32 {
  while (length > 127) {
    store<u8>(at++, length | 0x80);
    length >>= 7;
  }
  store<u8>(at, length);
  return at + 1;
}

/**
 * Writes all of a PUBLISH but its payload to `at`, whose first byte is `first`. Returns the address where the
 * payload goes, or -1. Up to `OVERSHOOT` bytes behind that address are overwritten too.
 */
export function writePublishHead(
  at: i32,
  first: u32,
  handle: i32,
  packetId: i32,
  payloadLength: i32,
): i32 {
  const qos = (first >> 1) & 3;
  if (!checkDelivery(qos, first, packetId)) return -1;
  const length = handleLength(handle);
  const idSize = qos ? 2 : 0;
  if (payloadLength > LARGEST_REMAINING_LENGTH - 2 - length - idSize) {
    fail(INVALID_SIZE, payloadLength);
    return -1;
  }
  store<u8>(at, first);
  const topicAt = writeRemainingLength(at + 1, 2 + length + idSize + payloadLength);
  writeUint16(topicAt, length);
  copyBlocks(topicAt + 2, handleAddress(handle), length);
  const idAt = topicAt + 2 + length;
  if (qos) writeUint16(idAt, packetId);
  return idAt + idSize;
}

// @ts-ignore: decorator
@inline
function checkDelivery(qos: u32, first: u32, packetId: i32): bool {
  if (qos == 0) {
    if (packetId != 0) return fail(INVALID_QOS0_PACKET_ID, packetId);
    return (first & DUP) == 0 || fail(INVALID_DUP, first);
  }
  if (qos == 3) return fail(INVALID_QOS, first);
  return isPacketId(packetId);
}

// @ts-ignore: decorator
@inline
function isPacketId(packetId: i32): bool {
  return (packetId > 0 && packetId <= 65535) || fail(INVALID_PACKET_ID, packetId);
}

/** Writes a packet that is only a packet identifier; returns the address behind it, or -1. */
export function writeAcknowledgement(at: i32, first: u32, packetId: i32): i32 {
  if (!isPacketId(packetId)) return -1;
  store<u16>(at, <u16> (first | 0x200));
  writeUint16(at + 2, packetId);
  return at + 4;
}

/** Writes a packet identifier as the beginning of a body; returns the address behind it, or -1. */
export function writePacketId(at: i32, packetId: i32): i32 {
  if (!isPacketId(packetId)) return -1;
  writeUint16(at, packetId);
  return at + 2;
}

/** Puts the fixed header before the body `[body, end)`; returns the address of its first byte. */
export function writeHeader(body: i32, end: i32, first: u32): i32 {
  const length = end - body;
  const size = length < 0x80 ? 2 : length < 0x4000 ? 3 : 4; // no body is larger than the output area
  const start = body - size;
  store<u8>(start, first);
  writeRemainingLength(start + 1, length);
  return start;
}

/** Writes protocol name, level, flags and keep-alive of a CONNECT; returns the address behind them. */
export function writeConnectHeader(at: i32, flags: u32, keepAliveSeconds: i32): i32 {
  store<u64>(at, 0x0004_5454_514d_0400 | (<u64> flags << 56));
  writeUint16(at + 8, keepAliveSeconds);
  return at + 10;
}

/** Writes the two bytes of a length; returns the address behind them. */
export function writeLength(at: i32, length: i32): i32 {
  writeUint16(at, length);
  return at + 2;
}
