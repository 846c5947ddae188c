import { assertEquals, assertInstanceOf } from "@std/assert";
import * as errors from "../src/errors.ts";

const TEXT = { what: "Cannot do it", why: "it is late", remedy: "Come back tomorrow." };

const ALL: [error: errors.HubwireError, code: string, retryable: boolean][] = [
  [
    new errors.MalformedPacketError("MQTT_MALFORMED_PACKET", TEXT, {
      statement: "2.2.1",
      offset: 0,
    }),
    "MQTT_MALFORMED_PACKET",
    false,
  ],
  [
    new errors.ProtocolError("MQTT_PROTOCOL_VIOLATION", TEXT, { party: "remote", statement: "x" }),
    "MQTT_PROTOCOL_VIOLATION",
    false,
  ],
  [new errors.ConnectRefusedError(3, TEXT), "MQTT_CONNECT_REFUSED", true],
  [new errors.ConnectRefusedError(5, TEXT), "MQTT_CONNECT_REFUSED", false],
  [new errors.ConnectionLostError("CONNECTION_LOST", TEXT), "CONNECTION_LOST", true],
  [new errors.ConnectionLostError("CONNECTION_CLOSED", TEXT), "CONNECTION_CLOSED", false],
  [new errors.KeepAliveTimeoutError(TEXT), "KEEP_ALIVE_TIMEOUT", true],
  [new errors.TlsError("TLS_SERVER_UNTRUSTED", TEXT), "TLS_SERVER_UNTRUSTED", false],
  [new errors.ProxyError("PROXY_REFUSED", TEXT), "PROXY_REFUSED", false],
  [new errors.WebSocketRefusedError(403, TEXT), "WEBSOCKET_REFUSED", false],
  ...[401, 404, 499].map((status): typeof ALL[number] => [
    new errors.WebSocketRefusedError(status, TEXT),
    "WEBSOCKET_REFUSED",
    false,
  ]),
  ...[408, 425, 429, 500].map((status): typeof ALL[number] => [
    new errors.WebSocketRefusedError(status, TEXT),
    "WEBSOCKET_REFUSED",
    true,
  ]),
  [new errors.WebSocketRefusedError(undefined, TEXT), "WEBSOCKET_REFUSED", true],
  [new errors.WebSocketRefusedError(503, TEXT), "WEBSOCKET_REFUSED", true],
  [new errors.CredentialRefusedError(TEXT), "CREDENTIAL_REFUSED", false],
  [new errors.DeadlineError("connack", 5, TEXT), "DEADLINE_EXCEEDED", true],
  [new errors.CredentialError("CREDENTIAL_DAMAGED", TEXT), "CREDENTIAL_DAMAGED", false],
  [new errors.StoreError("STORE_BUSY", TEXT), "STORE_BUSY", true],
  [new errors.StoreError("STORE_LOCKED", TEXT), "STORE_LOCKED", false],
  [new errors.DamagedMessagesError({ first: 1, last: 9 }, TEXT), "STORE_DAMAGED", false],
  [new errors.OutboxFullError("OUTBOX_FULL", TEXT), "OUTBOX_FULL", true],
  [
    new errors.OutboxFullError("OUTBOX_MESSAGE_TOO_LARGE", TEXT),
    "OUTBOX_MESSAGE_TOO_LARGE",
    false,
  ],
  [new errors.PermissionError("--allow-net=h:1", TEXT), "PERMISSION_MISSING", false],
];

for (const [error, code, retryable] of ALL) {
  Deno.test(`${error.name} ${code} says what, why, what to do, and whether to try again`, () => {
    assertInstanceOf(error, errors.HubwireError);
    assertInstanceOf(error, Error);
    assertEquals([error.code, error.retryable], [code, retryable]);
    assertEquals(error.message, "Cannot do it: it is late");
    assertEquals([error.what, error.why], [TEXT.what, TEXT.why]);
    assertEquals(error.name, error.constructor.name);
  });
}

Deno.test("a HubwireError has the cause that it was given, and none otherwise", () => {
  const cause = new Error("below");
  assertEquals(new errors.KeepAliveTimeoutError({ ...TEXT, cause }).cause, cause);
  assertEquals("cause" in new errors.KeepAliveTimeoutError(TEXT), false);
});

Deno.test("PermissionError says which flag to add", () => {
  const error = new errors.PermissionError("--allow-net=h:1", TEXT);
  assertEquals([error.flag, error.remedy], ["--allow-net=h:1", "Run again with --allow-net=h:1"]);
});
