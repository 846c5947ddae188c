import { checkAddress } from "./check_address.ts";
import { checkDeadline } from "./deadline.ts";
import { openSocket } from "./open_socket.ts";
import { SocketConnection } from "./socket_connection.ts";
import type { Connection, Transport } from "./transport.ts";

/** Options of {@linkcode tcpTransport}. */
export interface TcpTransportOptions {
  /** Name or IP address of the server. */
  hostname: string;
  /** Default 1883. */
  port?: number;
  /** How long opening the connection may take, in milliseconds. Default 10 000. */
  connectDeadlineMs?: number;
}

/**
 * Connects by TCP without encryption: for brokers on this machine and for tests.
 *
 * @example A client of a broker on this machine
 * ```ts
 * import { MqttClient, tcpTransport } from "@hubwire/hubwire/mqtt";
 *
 * const client = new MqttClient({
 *   transport: tcpTransport({ hostname: "127.0.0.1" }),
 *   clientId: "thermometer",
 * });
 * ```
 *
 * @throws {TypeError} If the host name is none.
 * @throws {RangeError} If the port is not 1 to 65 535, or the deadline is no number of milliseconds.
 */
export function tcpTransport(options: TcpTransportOptions): Transport {
  const { hostname, port = 1883 } = options;
  const address = checkAddress(hostname, port);
  const connectDeadlineMs = checkDeadline("connectDeadlineMs", options.connectDeadlineMs ?? 10_000);

  async function connect(signal?: AbortSignal): Promise<Connection> {
    const attempt = { address, hasCredentials: false };
    const dialled = Deno.connect({ hostname, port });
    const socket = await openSocket(dialled, { attempt, connectDeadlineMs, signal });
    socket.setNoDelay();
    return new SocketConnection(socket, { ...attempt, phase: "transfer" });
  }

  return { address, connect };
}
