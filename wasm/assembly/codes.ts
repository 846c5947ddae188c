/**
 * Why bytes were refused (`MALFORMED_`) or may not be sent (`INVALID_`).
 *
 * `src/codec/malformed_packet.ts` and `src/codec/invalid_packet.ts` turn the numbers into sentences; a
 * test demands that each number is known there.
 */

export const MALFORMED_TYPE: i32 = 1; // 2.2.1: reserved type, or one that this side never receives
export const MALFORMED_FLAGS: i32 = 2; // MQTT-2.2.2-2
export const MALFORMED_LENGTH_FIELD: i32 = 3; // 2.2.3: a fifth length byte
export const MALFORMED_TOO_LARGE: i32 = 4; // above the limit of the receiver
export const MALFORMED_LENGTH: i32 = 5; // remaining length does not fit the type
export const MALFORMED_QOS: i32 = 6; // MQTT-3.3.1-4
export const MALFORMED_OVERRUN: i32 = 7; // a field runs past the end of its packet
export const MALFORMED_TRAILING: i32 = 8; // bytes behind the last field
export const MALFORMED_UTF8: i32 = 9; // MQTT-1.5.3-1
export const MALFORMED_NUL: i32 = 10; // MQTT-1.5.3-2
export const MALFORMED_EMPTY_TOPIC: i32 = 11; // MQTT-4.7.3-1
export const MALFORMED_WILDCARD: i32 = 12; // MQTT-3.3.2-2
export const MALFORMED_HASH: i32 = 13; // MQTT-4.7.1-2
export const MALFORMED_PACKET_ID: i32 = 14; // MQTT-2.3.1-1
export const MALFORMED_CONNACK_FLAGS: i32 = 15; // 3.2.2.1
export const MALFORMED_RETURN_CODE: i32 = 16; // MQTT-3.9.3-2
export const MALFORMED_NO_SUBSCRIPTION: i32 = 17; // MQTT-3.8.3-3
export const MALFORMED_REQUESTED_QOS: i32 = 18; // MQTT-3-8.3-4
export const MALFORMED_PROTOCOL_NAME: i32 = 19; // MQTT-3.1.2-1
export const MALFORMED_PROTOCOL_LEVEL: i32 = 20; // MQTT-3.1.2-2
export const MALFORMED_CONNECT_FLAGS: i32 = 21; // MQTT-3.1.2-3
export const MALFORMED_WILL_FLAGS: i32 = 22; // MQTT-3.1.2-11, -13, -14, -15
export const MALFORMED_PASSWORD_FLAG: i32 = 23; // MQTT-3.1.2-22
export const MALFORMED_PLUS: i32 = 24; // MQTT-4.7.1-3
export const MALFORMED_NO_FILTER: i32 = 25; // MQTT-3.10.3-2
export const MALFORMED_NO_RETURN_CODE: i32 = 26; // MQTT-3.8.4-5

export const INVALID_SURROGATE: i32 = 1; // MQTT-1.5.3-1
export const INVALID_NUL: i32 = 2; // MQTT-1.5.3-2
export const INVALID_CONTROL: i32 = 3; // 1.5.3: control characters and non-characters
export const INVALID_TEXT_LENGTH: i32 = 4; // MQTT-4.7.3-3, 1.5.3
export const INVALID_EMPTY_TOPIC: i32 = 5; // MQTT-4.7.3-1
export const INVALID_WILDCARD: i32 = 6; // MQTT-3.3.2-2
export const INVALID_HASH: i32 = 7; // MQTT-4.7.1-2
export const INVALID_PACKET_ID: i32 = 8; // MQTT-2.3.1-1
export const INVALID_QOS0_PACKET_ID: i32 = 9; // MQTT-2.3.1-5
export const INVALID_QOS: i32 = 10; // MQTT-3.3.1-4
export const INVALID_DUP: i32 = 11; // MQTT-3.3.1-2
export const INVALID_SIZE: i32 = 12; // 2.2.3: remaining length above 268 435 455
export const INVALID_PLUS: i32 = 13; // MQTT-4.7.1-3
