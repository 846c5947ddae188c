/** Why bytes are refused: the numbers that `src/codec/malformed_packet.ts` has sentences for. */

export const TYPE = 1;
export const FLAGS = 2;
export const LENGTH_FIELD = 3;
export const TOO_LARGE = 4;
export const LENGTH = 5;
export const QOS = 6;
export const OVERRUN = 7;
export const TRAILING = 8;
export const UTF8 = 9;
export const NUL = 10;
export const EMPTY_TOPIC = 11;
export const WILDCARD = 12;
export const HASH = 13;
export const NO_PACKET_ID = 14;
export const CONNACK_FLAGS = 15;
export const RETURN_CODE = 16;
export const NO_SUBSCRIPTION = 17;
export const REQUESTED_QOS = 18;
export const PROTOCOL_NAME = 19;
export const PROTOCOL_LEVEL = 20;
export const CONNECT_FLAGS = 21;
export const WILL_FLAGS = 22;
export const PASSWORD_FLAG = 23;
export const PLUS = 24;
export const NO_FILTER = 25;
export const NO_RETURN_CODE = 26;
