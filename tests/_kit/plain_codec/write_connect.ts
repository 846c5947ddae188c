/** CONNECT (section 3.1). */

import { checkInteger, checkQos } from "../../../src/codec/check_number.ts";
import type { ConnectPacket } from "../../../src/codec/mod.ts";
import { CLEAN_SESSION, PASSWORD, USER_NAME, WILL, WILL_RETAIN } from "./read_connect.ts";
import type { Scratch } from "./scratch.ts";

/** Puts the body of a CONNECT together. */
export function writeConnect(scratch: Scratch, packet: ConnectPacket): void {
  const { clientId, cleanSession, username, password, will } = packet;
  if (clientId === "" && !cleanSession) {
    throw new TypeError(
      "Cannot encode CONNECT: an empty client id needs cleanSession [MQTT-3.1.3-7]",
    );
  }
  if (password !== undefined && username === undefined) {
    throw new TypeError("Cannot encode CONNECT: a password needs a user name [MQTT-3.1.2-22]");
  }
  const flags = flagsOf(packet);
  scratch.bytes([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, flags]);
  scratch.uint16(checkKeepAlive(packet.keepAliveSeconds));
  scratch.string(clientId, { what: "the client id", kind: "text" });
  if (will) {
    scratch.string(will.topic, { what: "the will topic", kind: "topic name" });
    scratch.binary(will.payload, "the will payload");
  }
  if (username !== undefined) scratch.string(username, { what: "the user name", kind: "text" });
  if (password !== undefined) scratch.binary(password, "the password");
}

function flagsOf({ cleanSession, username, password, will }: ConnectPacket): number {
  let flags = cleanSession ? CLEAN_SESSION : 0;
  if (will) flags |= WILL | checkQos(will.qos) << 3 | (will.retain ? WILL_RETAIN : 0);
  if (password !== undefined) flags |= PASSWORD;
  if (username !== undefined) flags |= USER_NAME;
  return flags;
}

function checkKeepAlive(seconds: number): number {
  checkInteger(seconds, "keepAliveSeconds");
  if (seconds >= 0 && seconds <= 65535) return seconds;
  throw new RangeError(
    `Cannot encode keepAliveSeconds ${seconds}: it must be 0 to 65535 [3.1.2.10]`,
  );
}
