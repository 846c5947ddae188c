import { checkInteger, checkQos } from "./check_number.ts";
import type { ConnectPacket, Will } from "./packet.ts";
import { AS_TEXT, AS_TOPIC_NAME, writeBinary, writeString } from "./write_field.ts";
import { wasm } from "./wasm.ts";

const CLEAN_SESSION = 0x02;
const WILL = 0x04;
const WILL_RETAIN = 0x20;
const PASSWORD = 0x40;
const USER_NAME = 0x80;

/** Writes the body of a CONNECT (section 3.1) to address `at`; returns the address behind it. */
export function writeConnect(at: number, packet: ConnectPacket): number {
  const { clientId, cleanSession, keepAliveSeconds, username, password, will } = packet;
  if (clientId === "" && !cleanSession) {
    throw new TypeError(
      "Cannot encode CONNECT: an empty client id needs cleanSession [MQTT-3.1.3-7]",
    );
  }
  if (password !== undefined && username === undefined) {
    throw new TypeError("Cannot encode CONNECT: a password needs a user name [MQTT-3.1.2-22]");
  }
  at = wasm.writeConnectHeader(at, flagsOf(packet), checkKeepAlive(keepAliveSeconds));
  at = writeString(at, clientId, { what: "the client id", kind: AS_TEXT });
  if (will) at = writeWill(at, will);
  if (username !== undefined) {
    at = writeString(at, username, { what: "the user name", kind: AS_TEXT });
  }
  if (password !== undefined) at = writeBinary(at, password, { what: "the password" });
  return at;
}

function flagsOf({ cleanSession, username, password, will }: ConnectPacket): number {
  return (cleanSession ? CLEAN_SESSION : 0) |
    (will ? WILL | checkQos(will.qos) << 3 | (will.retain ? WILL_RETAIN : 0) : 0) |
    (password === undefined ? 0 : PASSWORD) |
    (username === undefined ? 0 : USER_NAME);
}

function writeWill(at: number, will: Will): number {
  at = writeString(at, will.topic, { what: "the will topic", kind: AS_TOPIC_NAME });
  return writeBinary(at, will.payload, { what: "the will payload" });
}

function checkKeepAlive(seconds: number): number {
  checkInteger(seconds, "keepAliveSeconds");
  if (seconds >= 0 && seconds <= 65535) return seconds;
  throw new RangeError(
    `Cannot encode keepAliveSeconds ${seconds}: it must be 0 to 65535 [3.1.2.10]`,
  );
}
