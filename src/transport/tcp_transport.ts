import { checkAddress } from "./check_address.ts";
import { checkDeadline } from "./deadline.ts";
import { openTcp } from "./open_tcp.ts";
import { parseProxy } from "./proxy.ts";
import type { Connection, Transport } from "./transport.ts";

/** Options of {@linkcode tcpTransport}. */
export interface TcpTransportOptions {
  /** Name or IP address of the server. */
  hostname: string;
  /** Default 1883. */
  port?: number;
  /**
   * The proxy to go through: `socks5://user:password@host:1080`, or `http://user:password@host:8080` for HTTP's
   * CONNECT. The proxy looks the server's name up. Without encryption it can read and change everything.
   */
  proxy?: string;
  /** How long opening the connection may take, in milliseconds, and then the proxy's answer. Default 10 000. */
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
 * @throws {TypeError} If the host name is none, or the proxy is none.
 * @throws {RangeError} If the port is not 1 to 65 535, or the deadline is no number of milliseconds.
 */
export function tcpTransport(options: TcpTransportOptions): Transport {
  const { hostname, port = 1883 } = options;
  const address = checkAddress(hostname, port);
  const connectDeadlineMs = checkDeadline("connectDeadlineMs", options.connectDeadlineMs ?? 10_000);

  const target = { hostname, port, address };
  const proxy = options.proxy === undefined ? undefined : parseProxy(options.proxy);

  async function connect(signal?: AbortSignal): Promise<Connection> {
    const attempt = { address, hasCredentials: false };
    const { connection } = await openTcp({ attempt, target, proxy, connectDeadlineMs, signal });
    return connection;
  }

  return { address, connect };
}
