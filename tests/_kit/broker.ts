import { Aedes } from "aedes";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { ChunkwiseSocket } from "../../src/emulator/chunkwise_socket.ts";
import { authorityPem, identityPem, serverIdentity, testAuthority } from "./certs.ts";

/** How to start a {@linkcode TestBroker}. */
export interface TestBrokerOptions {
  /** Speaks mutual TLS instead of plain TCP, and takes certificates of the test authority only. */
  tls?: {
    /** The only version spoken; both unless said otherwise. */
    version?: "1.2" | "1.3";
  };
}

/** A broker without any rule of a hub: a place where two clients meet. */
export interface TestBroker extends AsyncDisposable {
  /** Its port on 127.0.0.1. */
  port: number;
  /** The certificate to trust, in PEM. */
  caCertificate: string;
  /** Stops it and cuts every connection. */
  close(): Promise<void>;
}

/** Starts a bare aedes on any free port of 127.0.0.1: QoS 0 to 2, retained messages, kept sessions. */
export async function startBroker(options: TestBrokerOptions = {}): Promise<TestBroker> {
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const handle = (socket: Socket) => void broker.handle(new ChunkwiseSocket(socket));
  const server = options.tls === undefined
    ? createTcpServer(handle)
    : await mutualTlsServer(options.tls, handle);
  server.on("connection", (socket: Socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve());
  });
  const close = async () => {
    await new Promise<void>((resolve) => broker.close(resolve));
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port: portOf(server),
    caCertificate: authorityPem(await testAuthority()),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function mutualTlsServer(
  tls: { version?: "1.2" | "1.3" },
  onConnection: (socket: Socket) => void,
): Promise<Server> {
  const options = {
    ...identityPem(await serverIdentity()),
    ca: authorityPem(await testAuthority()),
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: tls.version === "1.3" ? "TLSv1.3" : "TLSv1.2",
    maxVersion: tls.version === "1.2" ? "TLSv1.2" : "TLSv1.3",
  } as const;
  return createTlsServer(options, onConnection);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("Bug: a listening TCP server has a port");
  }
  return address.port;
}
