import { identityPem, serverIdentity } from "./certs.ts";

/** How a {@linkcode WebSocketBridge} is to behave. */
export interface BridgeOptions {
  /** The port on 127.0.0.1 behind it. */
  to: number;
  /** Speaks TLS, with the certificate of the test server. */
  tls?: boolean;
  /** Agrees to the sub-protocol; unless it must not. */
  protocol?: "mqtt" | "none";
  /** At most so many bytes a message, whatever MQTT says. */
  frameSize?: number;
  /** Answers every request with this status instead. */
  status?: number;
}

/** An HTTP server that makes of every WebSocket a TCP connection. */
export interface WebSocketBridge extends AsyncDisposable {
  /** On 127.0.0.1. */
  port: number;
  /** What came with each request. */
  requests: { url: string; headers: Headers }[];
  /** The server's end of each WebSocket, to do with as a test likes. */
  sockets: WebSocket[];
}

/** Starts a bridge. */
export async function startWebSocketBridge(options: BridgeOptions): Promise<WebSocketBridge> {
  const { protocol = "mqtt", status, tls = false } = options;
  const requests: WebSocketBridge["requests"] = [];
  const sockets: WebSocket[] = [];
  const ends = new Set<Promise<void>>();
  const handle = (request: Request) => {
    requests.push({ url: request.url, headers: new Headers(request.headers) });
    if (status !== undefined) return new Response("no", { status });
    const { socket, response } = Deno.upgradeWebSocket(
      request,
      protocol === "mqtt" ? { protocol } : {},
    );
    sockets.push(socket);
    ends.add(join(socket, options));
    return response;
  };
  const listen = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const server = tls
    ? Deno.serve({ ...listen, ...identityPem(await serverIdentity()) }, handle)
    : Deno.serve(listen, handle);
  return {
    port: server.addr.port,
    requests,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.close();
      await Promise.all(ends);
      await server.shutdown();
    },
  };
}

/** Carries bytes both ways until both are done. */
async function join(socket: WebSocket, { to, frameSize = 16 * 1024 }: BridgeOptions) {
  socket.binaryType = "arraybuffer";
  const closed = new Promise<void>((resolve) => socket.onclose = () => resolve());
  socket.onerror = () => {};
  const early: ArrayBuffer[] = [];
  socket.onmessage = ({ data }) => early.push(data);
  const tcp = await Deno.connect({ hostname: "127.0.0.1", port: to });
  let sending = Promise.resolve();
  const forward = (data: ArrayBuffer) => {
    sending = sending.then(() => writeAll(tcp, new Uint8Array(data))).catch(connectionOver);
  };
  early.forEach(forward);
  socket.onmessage = ({ data }) => forward(data);
  const back = sendAll(tcp, socket, frameSize).catch(connectionOver);
  await closed;
  await sending;
  tcp.close();
  await back;
}

async function sendAll(tcp: Deno.Conn, socket: WebSocket, frameSize: number): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  for (let count = await tcp.read(buffer); count !== null; count = await tcp.read(buffer)) {
    for (let at = 0; at < count; at += frameSize) {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send(buffer.slice(at, Math.min(count, at + frameSize)));
    }
  }
  socket.close(1000);
}

async function writeAll(tcp: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await tcp.write(bytes.subarray(sent));
}

/** Either side may leave whenever it likes. */
function connectionOver(error: unknown): void {
  const { BadResource, BrokenPipe, ConnectionReset, Interrupted } = Deno.errors;
  if (
    ![BadResource, BrokenPipe, ConnectionReset, Interrupted].some((kind) => error instanceof kind)
  ) {
    throw error;
  }
}
