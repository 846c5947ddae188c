import { assertEquals } from "@std/assert";
import { usageError } from "../../src/cli/cli_error.ts";
import { exitCodeOf } from "../../src/cli/exit_code.ts";
import { interrupted } from "../../src/cli/interruption.ts";
import {
  ConnectionLostError,
  ConnectRefusedError,
  CredentialError,
  CredentialRefusedError,
  DeadlineError,
  KeepAliveTimeoutError,
  MalformedPacketError,
  PermissionError,
  ProtocolError,
  StoreError,
  TlsError,
} from "../../src/errors.ts";

const text = { what: "a", why: "b", remedy: "c" };
const breach = { party: "remote", statement: "x" } as const;

Deno.test("exitCodeOf() tells apart what a script has to tell apart", () => {
  const cases: [error: unknown, exitCode: number][] = [
    [new Error("a bug"), 1],
    ["not even an error", 1],
    [usageError(text), 2],
    [new PermissionError("--allow-net=a:1", text), 2],
    [new Deno.errors.NotCapable("no"), 2],
    [new ConnectionLostError("NETWORK_REFUSED", text), 3],
    [new ConnectionLostError("NETWORK_NAME_UNKNOWN", text), 3],
    [new KeepAliveTimeoutError(text), 3],
    [new TlsError("TLS_SERVER_UNTRUSTED", text), 4],
    [new TlsError("TLS_NOT_SPOKEN", text), 4],
    [new ConnectRefusedError(5, text), 5],
    [new CredentialRefusedError(text), 5],
    [new ProtocolError("MQTT_SUBSCRIPTION_REFUSED", text, breach), 5],
    [new ProtocolError("MQTT_PROTOCOL_VIOLATION", text, breach), 6],
    [
      new MalformedPacketError("MQTT_MALFORMED_PACKET", text, { statement: "x", offset: 0 }),
      6,
    ],
    [new StoreError("STORE_LOCKED", text), 7],
    [new CredentialError("CREDENTIAL_WRONG_PASSWORD", text), 8],
    [new CredentialError("CREDENTIAL_EXPIRED", text), 8],
    [new CredentialError("CREDENTIAL_NOT_FOUND", text), 9],
    [new StoreError("STORE_NOT_FOUND", text), 9],
    [new DeadlineError("connect", 1, text), 124],
    [interrupted(), 130],
  ];
  for (const [error, exitCode] of cases) assertEquals(exitCodeOf(error), exitCode, String(error));
});
