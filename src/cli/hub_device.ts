/** What the commands for a hub's device have in common. */

import { DeviceClient } from "../hub/mod.ts";
import { checkId } from "../hub/topics.ts";
import type { Transport } from "../transport/mod.ts";
import { checkArgument } from "./cli_error.ts";
import type { CREDENTIAL_FLAGS, DEVICE_FLAGS, SERVER_FLAGS } from "./connection_flags.ts";
import { hubCredential } from "./credentials_for.ts";
import type { Flags } from "./flags.ts";
import type { Io } from "./io.ts";
import { readServer } from "./server.ts";
import { serverTransport } from "./server_transport.ts";
import { debugListeners } from "./tell_debug.ts";

type HubFlags = Flags<
  keyof typeof SERVER_FLAGS | keyof typeof CREDENTIAL_FLAGS | keyof typeof DEVICE_FLAGS | "debug"
>;

/** A device that is about to connect to its hub. Disposing of it closes the store. */
export interface HubDevice extends Disposable {
  host: string;
  deviceId: string;
  transport: Transport;
  keepAliveSeconds: number;
  /** How long each step of connecting may take. */
  deadlineMs: number;
  /** Whether to tell how the connection fares. */
  isDebugged: boolean;
}

/** The hub waits half as long again, and never longer than 1767 s. */
const LONGEST_KEEP_ALIVE = 1177;

/** Finds the device that the flags name, its credential and the way to its hub. */
export async function findDevice(flags: HubFlags, io: Io): Promise<HubDevice> {
  const named = flags.text("device-id");
  if (named !== undefined) {
    checkArgument("Cannot use --device-id", () => checkId(named, "device id"));
  }
  const keepAliveSeconds = flags.number("keepalive", { from: 1, to: LONGEST_KEEP_ALIVE }) ?? 240;
  const server = await readServer(flags, { defaultPort: 8883 });
  const { host, port, deadlineMs } = server;
  const wanted = { host, port, deviceId: named };
  const credential = await hubCredential(flags, io, { wanted });
  const transport = serverTransport(server, { credentials: credential.provider });
  return {
    host,
    deviceId: credential.deviceId,
    transport,
    keepAliveSeconds,
    deadlineMs,
    isDebugged: flags.has("debug"),
    [Symbol.dispose]: () => credential[Symbol.dispose](),
  };
}

/** Connects it. The store is closed as soon as that is done. */
export async function connectDevice(device: HubDevice, io: Io): Promise<DeviceClient> {
  using _credential = device;
  const { host, deviceId, transport, keepAliveSeconds, deadlineMs, isDebugged } = device;
  return await DeviceClient.connect({
    host,
    deviceId,
    transport,
    keepAliveSeconds,
    connectDeadlineMs: deadlineMs,
    // As in broker_client.ts.
    reconnect: false,
    signal: io.interrupted,
    ...isDebugged ? { listeners: debugListeners(io) } : {},
  });
}
