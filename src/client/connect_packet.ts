import type { ConnectPacket } from "../codec/mod.ts";
import type { Asked, CheckedOptions } from "./mqtt_client_options.ts";

/** Asks for what is to be asked for at every connect, and puts CONNECT together. */
export async function makeConnectPacket(options: CheckedOptions): Promise<ConnectPacket> {
  const { clientId, username, password, will, cleanSession, keepAliveSeconds } = options;
  const packet: ConnectPacket = {
    type: "connect",
    clientId: await ask(clientId),
    cleanSession,
    keepAliveSeconds,
  };
  if (username !== undefined) packet.username = await ask(username);
  if (password !== undefined) packet.password = await ask(password);
  if (will) packet.will = will;
  return packet;
}

async function ask<T>(value: Asked<T>): Promise<T> {
  return typeof value === "function" ? await (value as () => T | Promise<T>)() : value;
}
