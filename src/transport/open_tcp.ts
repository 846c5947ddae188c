import { type Dial, openSocket } from "./open_socket.ts";
import { passProxy } from "./pass_proxy.ts";
import type { Place, Proxy } from "./proxy.ts";
import { SocketConnection } from "./socket_connection.ts";
import { withFirstBytes } from "./first_bytes.ts";
import type { Connection } from "./transport.ts";

/** One try to reach a server, straight or through a proxy. */
export interface TcpDial extends Omit<Dial, "handshakeDeadlineMs"> {
  target: Place;
  proxy: Proxy | undefined;
}

/**
 * Opens TCP to the server. The connection owns the socket; the proxy's first words are in the connection only.
 *
 * @throws {HubwireError} What the failure means; of the proxy's own place where that is what cannot be reached.
 */
export async function openTcp(
  dial: TcpDial,
): Promise<{ socket: Deno.TcpConn; connection: Connection }> {
  const { proxy, target, connectDeadlineMs, signal } = dial;
  const { hostname, port, address } = proxy ?? target;
  const attempt = { ...dial.attempt, address };
  const socket = await openSocket(Deno.connect({ hostname, port }), { ...dial, attempt });
  socket.setNoDelay();
  const connection = new SocketConnection(socket, { ...dial.attempt, phase: "transfer" });
  if (!proxy) return { socket, connection };
  const passing = { deadlineMs: connectDeadlineMs, signal };
  const first = await passProxy(connection, { proxy, target }, passing);
  return { socket, connection: withFirstBytes(connection, first) };
}
