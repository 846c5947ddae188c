import { askForCredentials } from "./ask_for_credentials.ts";
import { checkCaCerts } from "./ca_certs.ts";
import { checkAddress } from "./check_address.ts";
import { checkDeadline, unlessAborted } from "./deadline.ts";
import { openSocket, shakeHands } from "./open_socket.ts";
import { toKeyPair } from "./pem.ts";
import { parseProxy } from "./proxy.ts";
import { SocketConnection } from "./socket_connection.ts";
import type { Connection, Credentials, CredentialsProvider, Transport } from "./transport.ts";

/** Options of {@linkcode tlsTransport}. */
export interface TlsTransportOptions {
  /** The server's name, which its certificate must have; an IP address where that is in the certificate. */
  hostname: string;
  /** Default 8883. */
  port?: number;
  /** The client's certificate and key, or who gives them at every connect. Absent: no client certificate. */
  credentials?: Credentials | CredentialsProvider;
  /** PEM certificates of authorities to be trusted in addition to Deno's own. */
  caCerts?: string[];
  /**
   * Sends small packets at once, over `node:tls`. `Deno.connectTls` cannot: with it, the first packet of a
   * connection with a client certificate waits about 40 ms for the server's acknowledgement. Default false.
   */
  noDelay?: boolean;
  /**
   * The proxy to go through: `socks5://user:password@host:1080`, or `http://user:password@host:8080` for HTTP's
   * CONNECT. The proxy looks the server's name up and sees only what is encrypted. Implies `noDelay`, for
   * Deno's own way to speak TLS over an open connection, `Deno.startTls`, shows no client certificate.
   */
  proxy?: string;
  /** How long opening the connection may take, in milliseconds, and then the proxy's answer. Default 10 000. */
  connectDeadlineMs?: number;
  /** How long the TLS handshake may take, in milliseconds. Default 10 000. */
  handshakeDeadlineMs?: number;
}

/**
 * Connects by TLS 1.2 or 1.3 over `Deno.connectTls`, verifies the server and shows the client's certificate.
 *
 * Whether the server accepts the client's certificate shows only when it first answers. `caCerts` adds trust,
 * it does not take any away.
 *
 * With `noDelay` or a `proxy` it is `node:tls` that connects, loaded by the first connect. It verifies the server as
 * strictly, with three differences. A server that drops the connection is told as the end of the stream. Where
 * `caCerts` does not vouch for the server, Deno asks for `--allow-sys` to list the authorities that it trusts.
 * And of those, only the ones that Deno brings along count: give others with `caCerts`, not with `--cert`.
 *
 * @example An encrypted connection to a broker with an authority of its own
 * ```ts ignore
 * import { MqttClient, tlsTransport } from "@hubwire/hubwire/mqtt";
 *
 * const transport = tlsTransport({
 *   hostname: "broker.example",
 *   credentials: { certificateChain, privateKey },
 *   caCerts: [await Deno.readTextFile("ca.pem")],
 * });
 * const client = new MqttClient({ transport, clientId: "thermometer" });
 * ```
 *
 * @example Out of a network that only a proxy leaves
 * ```ts
 * import { tlsTransport } from "@hubwire/hubwire/mqtt";
 *
 * const transport = tlsTransport({
 *   hostname: "contoso.azure-devices.net",
 *   proxy: "http://proxy.example:8080",
 * });
 * ```
 *
 * @throws {TypeError} If the host name is none, the proxy is none, or `caCerts` holds something that is no PEM
 * certificate.
 * @throws {RangeError} If the port is not 1 to 65 535, or a deadline is no number of milliseconds.
 */
export function tlsTransport(options: TlsTransportOptions): Transport {
  const { hostname, port = 8883 } = options;
  const address = checkAddress(hostname, port);
  const connectDeadlineMs = checkDeadline("connectDeadlineMs", options.connectDeadlineMs ?? 10_000);
  const handshakeDeadlineMs = checkDeadline(
    "handshakeDeadlineMs",
    options.handshakeDeadlineMs ?? 10_000,
  );
  const caCerts = checkCaCerts(options.caCerts ?? []);
  const proxy = options.proxy === undefined ? undefined : parseProxy(options.proxy);
  const needsNode = options.noDelay || proxy !== undefined;
  const target = { hostname, port, address };

  async function connect(signal?: AbortSignal): Promise<Connection> {
    const asking = askForCredentials(options.credentials, target);
    const credentials = await unlessAborted(asking, signal);
    const attempt = { address, hasCredentials: credentials !== undefined };
    const dial = { attempt, connectDeadlineMs, handshakeDeadlineMs, signal };
    if (needsNode) {
      const { connectNodeTls } = await import("./node_tls.ts");
      return await connectNodeTls({ ...dial, target, proxy, caCerts, credentials });
    }
    const dialled = Deno.connectTls({ hostname, port, caCerts, ...toKeyPair(credentials) });
    const socket = await openSocket(dialled, dial);
    await shakeHands(socket, dial);
    return new SocketConnection(socket, { ...attempt, phase: "transfer" });
  }

  return { address, connect };
}
