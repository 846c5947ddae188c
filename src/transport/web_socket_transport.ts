import { type HubwireError, ProtocolError, WebSocketRefusedError } from "../errors.ts";
import { askForCredentials } from "./ask_for_credentials.ts";
import { checkCaCerts } from "./ca_certs.ts";
import { checkAddress } from "./check_address.ts";
import { classifyFailure } from "./classify_failure.ts";
import { checkDeadline, unlessAborted, withDeadline } from "./deadline.ts";
import { classified } from "./open_socket.ts";
import { toKeyPair } from "./pem.ts";
import type { Connection, Credentials, CredentialsProvider, Transport } from "./transport.ts";
import type { Attempt } from "./transport_errors.ts";
import { WebSocketConnection } from "./web_socket_connection.ts";

/** Options of {@linkcode webSocketTransport}. */
export interface WebSocketTransportOptions {
  /** `wss://host/path`, or `ws://` without encryption. Many brokers have `/mqtt` for a path. */
  url: string | URL;
  /** Sent with the request, for brokers and gateways that want a token there. */
  headers?: Record<string, string>;
  /** The client's certificate and key, or who gives them at every connect. Absent: no client certificate. */
  credentials?: Credentials | CredentialsProvider;
  /** PEM certificates of authorities to be trusted in addition to Deno's own. */
  caCerts?: string[];
  /** How long opening the connection may take, TLS and the server's answer included. Default 10 000. */
  connectDeadlineMs?: number;
}

/** Where to, and who is let in. */
interface Request {
  url: URL;
  headers: Record<string, string>;
  caCerts: string[];
}

/**
 * Connects by WebSocket with the sub-protocol `mqtt`: for brokers behind a gateway that knows HTTP only.
 *
 * It is slower than TLS, and looser where Deno's `WebSocket` is. Reading cannot be paused: a connection is given up
 * at 64 MiB that nobody has read. One that is closed stays open at TCP level until the server answers, as does one
 * whose TLS handshake hangs. A port where nothing listens looks like a host that cannot be reached. Over `wss://` it
 * does not show why a server refuses: for its rules, its status, or want of a client certificate.
 *
 * @example A broker behind a gateway
 * ```ts
 * import { MqttClient, webSocketTransport } from "@hubwire/hubwire/mqtt";
 *
 * const transport = webSocketTransport({ url: "wss://broker.example/mqtt" });
 * const client = new MqttClient({ transport, clientId: "thermometer" });
 * ```
 *
 * @throws {TypeError} If the URL is none of a WebSocket or has a user, a password or a fragment in it, if a header
 * cannot be sent, or if `caCerts` holds something that is no PEM certificate.
 * @throws {RangeError} If the deadline is no number of milliseconds.
 */
export function webSocketTransport(options: WebSocketTransportOptions): Transport {
  const url = checkUrl(options.url);
  const hostname = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = Number(url.port || (url.protocol === "wss:" ? 443 : 80));
  const address = checkAddress(hostname, port);
  const ms = checkDeadline("connectDeadlineMs", options.connectDeadlineMs ?? 10_000);
  const headers = Object.fromEntries(new Headers(options.headers));
  const request = { url, headers, caCerts: checkCaCerts(options.caCerts ?? []) };

  async function connect(signal?: AbortSignal): Promise<Connection> {
    const asking = askForCredentials(options.credentials, { hostname, port });
    const credentials = await unlessAborted(asking, signal);
    const attempt = {
      address,
      hasCredentials: credentials !== undefined,
      phase: "handshake",
    } as const;
    const open = async () => {
      const opening = new Opening(request, { attempt, credentials });
      const abandon = () => opening.abandon();
      return await withDeadline(opening.opened, { phase: "connect", ms, address, signal, abandon });
    };
    return await classified(open(), attempt, { signal });
  }

  return { address, connect };
}

function checkUrl(given: string | URL): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isRight = url && /^wss?:$/.test(url.protocol) && !url.username && !url.password &&
    !url.hash;
  if (isRight) return url;
  // Not shown: there may be a password in it.
  throw new TypeError("Cannot use the URL: give wss://host/path, without user, password and #");
}

/** A WebSocket on its way. */
class Opening {
  /** The connection, once the server has agreed. */
  readonly opened: Promise<Connection>;
  readonly #attempt: Attempt;
  #client: Deno.HttpClient | undefined;
  readonly #socket: WebSocket;

  constructor(
    { url, headers, caCerts }: Request,
    { attempt, credentials }: { attempt: Attempt; credentials: Credentials | undefined },
  ) {
    this.#attempt = attempt;
    this.#client = caCerts.length > 0 || credentials
      ? Deno.createHttpClient({ caCerts, ...toKeyPair(credentials) })
      : undefined;
    const client = this.#client ? { client: this.#client } : {};
    try {
      this.#socket = new WebSocket(url, { protocols: ["mqtt"], headers, ...client });
    } catch (error) {
      this.#release();
      throw error;
    }
    this.#socket.binaryType = "arraybuffer";
    const { promise, resolve, reject } = Promise.withResolvers<Connection>();
    this.opened = promise;
    this.#socket.onerror = (event) => reject(this.#failure(event));
    this.#socket.onclose = () => this.#release();
    this.#socket.onopen = () => {
      if (this.#socket.protocol === "mqtt") return resolve(this.#connection());
      reject(this.#wrongProtocol());
    };
  }

  abandon(): void {
    this.#socket.close();
    this.#release();
  }

  #connection(): Connection {
    const release = () => this.#release();
    return new WebSocketConnection(this.#socket, { address: this.#attempt.address, release });
  }

  #release(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  /** Deno tells only by text what went wrong, behind a prefix of its own. */
  #failure(event: Event): HubwireError {
    const text = event instanceof ErrorEvent ? event.message : "";
    const message = text.replace(/^NetworkError: failed to connect to WebSocket: /, "");
    const cause = new Error(message);
    const status = /^Invalid status code: (\d{3})/.exec(message)?.[1];
    if (status) return this.#refused(Number(status), cause);
    // With TLS Deno tries HTTP/2 after any failure of HTTP/1.1, and tells what came of that.
    if (/^(Didn't receive h2 alpn|stream error)/.test(message)) {
      return this.#refused(undefined, cause);
    }
    return classifyFailure(cause, this.#attempt);
  }

  #refused(status: number | undefined, cause: Error): WebSocketRefusedError {
    return new WebSocketRefusedError(status, {
      what: `Cannot connect to ${this.#attempt.address}`,
      why: status
        ? `the server answers the request for a WebSocket with status ${status}`
        : "the server refuses the request for a WebSocket, and Deno does not say how",
      remedy: "Check the URL, and whether the server wants headers or a client certificate.",
      cause,
    });
  }

  #wrongProtocol(): ProtocolError {
    return new ProtocolError("MQTT_PROTOCOL_VIOLATION", {
      what: `Cannot connect to ${this.#attempt.address}`,
      why: 'the server does not agree to the sub-protocol "mqtt"',
      remedy: "Check that the URL is that of an MQTT broker.",
    }, { party: "remote", statement: "MQTT-6.0.0-4" });
  }
}
