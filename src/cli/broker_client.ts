import { encodePacket } from "../codec/mod.ts";
import { MqttClient } from "../client/mod.ts";
import { checkArgument, usageError } from "./cli_error.ts";
import type { BROKER_FLAGS, CREDENTIAL_FLAGS, SERVER_FLAGS } from "./connection_flags.ts";
import { brokerCredential } from "./credentials_for.ts";
import type { Flags } from "./flags.ts";
import type { Io } from "./io.ts";
import { readSecretFile } from "./read_input_file.ts";
import { readServer } from "./server.ts";
import { serverTransport } from "./server_transport.ts";
import { tellDebug } from "./tell_debug.ts";

type BrokerFlags = Flags<
  keyof typeof SERVER_FLAGS | keyof typeof CREDENTIAL_FLAGS | keyof typeof BROKER_FLAGS | "debug"
>;

/** Connects to the broker that the flags name, with the credential that they name. */
export async function connectToBroker(flags: BrokerFlags, io: Io): Promise<MqttClient> {
  const isPlain = flags.has("no-tls");
  refuseContradictions(flags);
  const login = await readLogin(flags, io);
  const server = await readServer(flags, { defaultPort: isPlain ? 1883 : 8883 });
  const { host, port, deadlineMs } = server;
  const wanted = { host, port, deviceId: flags.text("id") };
  using credential = isPlain || flags.has("no-store") && !flags.has("cert") && !flags.has("key")
    ? undefined
    : await brokerCredential(flags, io, { wanted });
  const transport = serverTransport(server, { isPlain, credentials: credential?.provider });
  const client = new MqttClient({
    ...login,
    transport,
    connackDeadlineMs: deadlineMs,
    // A command ends when its connection does, and says why: whoever started it decides what then.
    reconnect: false,
  });
  if (flags.has("debug")) tellDebug(client, io);
  await client.connect({ signal: io.interrupted });
  return client;
}

function refuseContradictions(flags: BrokerFlags): void {
  for (const other of ["cert", "key", "cafile", "store"] as const) {
    flags.refuseTogether("no-tls", other);
  }
  flags.refuseTogether("no-store", "store");
  if (!flags.has("password-file") || flags.has("username")) return;
  throw usageError({
    what: "--username is missing",
    why: "MQTT allows no password without a user name [MQTT-3.1.2-22]",
    remedy: "Give -u NAME too.",
  });
}

interface Login {
  clientId: string;
  username?: string;
  password?: Uint8Array;
  keepAliveSeconds: number;
}

async function readLogin(flags: BrokerFlags, io: Io): Promise<Login> {
  const keepAliveSeconds = flags.number("keepalive", { from: 0, to: 65_535 }) ?? 60;
  const clientId = flags.text("id") || `hubwire-${crypto.randomUUID().slice(0, 8)}`;
  const username = flags.text("username");
  const file = flags.text("password-file");
  const password = file === undefined ? undefined : await readSecretFile(file, io);
  const login = {
    clientId,
    keepAliveSeconds,
    ...username === undefined ? {} : { username },
    ...password === undefined ? {} : { password: new TextEncoder().encode(password) },
  };
  checkArgument("Cannot connect with this id and user name", () => {
    encodePacket({ type: "connect", cleanSession: true, ...login });
  });
  return login;
}
