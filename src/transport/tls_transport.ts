import { checkAddress } from "./check_address.ts";
import { checkDeadline, unlessAborted } from "./deadline.ts";
import { openSocket, shakeHands } from "./open_socket.ts";
import { toPem } from "./pem.ts";
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
  /** How long opening the connection may take, in milliseconds. Default 10 000. */
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
 * @throws {TypeError} If the host name is none, or `caCerts` holds something that is no PEM certificate.
 * @throws {RangeError} If the port is not 1 to 65 535, or a deadline is no number of milliseconds.
 */
export function tlsTransport(options: TlsTransportOptions): Transport {
  const { hostname, port = 8883, caCerts = [] } = options;
  const address = checkAddress(hostname, port);
  const connectDeadlineMs = checkDeadline("connectDeadlineMs", options.connectDeadlineMs ?? 10_000);
  const handshakeDeadlineMs = checkDeadline(
    "handshakeDeadlineMs",
    options.handshakeDeadlineMs ?? 10_000,
  );
  caCerts.forEach(checkCertificateText);

  async function connect(signal?: AbortSignal): Promise<Connection> {
    const credentials = await unlessAborted(askForCredentials(options, port), signal);
    const attempt = { address, hasCredentials: credentials !== undefined };
    const dial = { attempt, connectDeadlineMs, handshakeDeadlineMs, signal };
    const dialled = Deno.connectTls({ hostname, port, caCerts, ...toKeyPair(credentials) });
    const socket = await openSocket(dialled, dial);
    await shakeHands(socket, dial);
    return new SocketConnection(socket, { ...attempt, phase: "transfer" });
  }

  return { address, connect };
}

async function askForCredentials(
  { credentials, hostname }: TlsTransportOptions,
  port: number,
): Promise<Credentials | undefined> {
  return typeof credentials === "function"
    ? await credentials({ host: hostname, port })
    : credentials;
}

/** Both or neither: Deno refuses one without the other. */
function toKeyPair(
  credentials: Credentials | undefined,
): { cert: string; key: string } | undefined {
  if (!credentials) return undefined;
  const { certificateChain, privateKey } = credentials;
  return {
    cert: certificateChain.map((der) => toPem("CERTIFICATE", der)).join(""),
    key: toPem("PRIVATE KEY", privateKey),
  };
}

/** Deno silently ignores a text without a certificate in it, and would then not trust the server. */
function checkCertificateText(text: string): void {
  if (/-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/.test(text)) return;
  throw new TypeError("Cannot trust an entry of caCerts: it has no PEM certificate in it");
}
