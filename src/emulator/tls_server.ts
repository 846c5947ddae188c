import { createServer, type Server, type TLSSocket } from "node:tls";
import type { Socket } from "node:net";
import type { Identity } from "../credentials/identity.ts";
import { encodePem } from "../credentials/pem.ts";
import { ConnectionLostError, PermissionError } from "../errors.ts";

/** What a TLS server needs. */
export interface TlsServerOptions {
  /** The port; 0 takes any free one. */
  port: number;
  /** The server's certificate and key. */
  identity: Identity;
  /** The only version spoken; both unless said otherwise. */
  tlsVersion?: "1.2" | "1.3";
  /** Takes a connection after its handshake, with the certificates it showed, leaf first. */
  onConnection: (socket: TLSSocket, certificateChain: Uint8Array[]) => void;
  /** Hears of a handshake that failed. */
  onHandshakeFailure: (error: Error) => void;
}

const loopback = "127.0.0.1";

/**
 * A TLS server on loopback that asks for a client certificate and takes any answer, or none.
 *
 * That is what IoT Hub does: TLS only proves that the client has the key of the certificate it shows.
 * Whether the certificate is welcome is decided at CONNECT.
 */
export class TlsServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket: Socket) => this.#watch(socket));
  }

  /**
   * Listens.
   *
   * @throws {RangeError} If that is no port.
   * @throws {ConnectionLostError} If the port cannot be had.
   * @throws {PermissionError} If Deno was started without the permission to listen there.
   */
  static async listen(options: TlsServerOptions): Promise<TlsServer> {
    assertPort(options.port);
    await assertMayListen(options.port);
    const { certificateChain, privateKey } = options.identity;
    const server = createServer({
      cert: certificateChain.map((der) => encodePem("CERTIFICATE", der)).join(""),
      key: encodePem("PRIVATE KEY", privateKey),
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: options.tlsVersion === "1.3" ? "TLSv1.3" : "TLSv1.2",
      maxVersion: options.tlsVersion === "1.2" ? "TLSv1.2" : "TLSv1.3",
    });
    server.on("secureConnection", (socket) => {
      socket.setNoDelay(true);
      options.onConnection(socket, shownCertificates(socket));
    });
    server.on("tlsClientError", options.onHandshakeFailure);
    const tlsServer = new TlsServer(server);
    await listenOnLoopback(server, options.port);
    return tlsServer;
  }

  /** The port it listens on. */
  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") {
      throw new Error("Bug: a listening TCP server has a port");
    }
    return address.port;
  }

  /** Stops listening and cuts every connection that is left. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #watch(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }
}

function assertPort(port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw new RangeError(`A port is a whole number from 0 to 65535, not ${port}`);
}

// Without the permission, node:tls throws where nobody can catch it, or makes Deno ask the human.
async function assertMayListen(port: number): Promise<void> {
  const host = `${loopback}:${port}`;
  const { state } = await Deno.permissions.query({ name: "net", host });
  if (state === "granted") return;
  throw new PermissionError(`--allow-net=${port === 0 ? loopback : host}`, {
    what: `Cannot start the emulator on ${host}`,
    why: "Deno was started without the permission to listen there",
  });
}

function listenOnLoopback(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(explainListenFailure(error, port));
    server.once("error", fail);
    server.listen(port, loopback, () => {
      server.off("error", fail);
      resolve();
    });
  });
}

function explainListenFailure(error: Error & { code?: string }, port: number): Error {
  const reasons: Record<string, string> = {
    EADDRINUSE: "another program uses that port",
    EACCES: "the system does not let this user have that port",
  };
  return new ConnectionLostError("NETWORK_REFUSED", {
    what: `Cannot start the emulator on ${loopback}:${port}`,
    why: reasons[error.code ?? ""] ?? error.message,
    remedy: "Choose another port, or 0 for any free one.",
    cause: error,
  });
}

function shownCertificates(socket: TLSSocket): Uint8Array[] {
  const chain = new Map<string, Uint8Array>();
  let certificate = socket.getPeerCertificate(true);
  // The last certificate names itself as its issuer, or none.
  while (certificate?.raw !== undefined && !chain.has(certificate.fingerprint256)) {
    chain.set(certificate.fingerprint256, new Uint8Array(certificate.raw));
    certificate = certificate.issuerCertificate;
  }
  return [...chain.values()];
}
