/**
 * TLS over `node:tls`, where `Deno.connectTls` has no way: without Nagle's delay, and through a proxy. Loaded on
 * first use only.
 */

import { createPrivateKey, X509Certificate } from "node:crypto";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, createSecureContext, type SecureContext } from "node:tls";
import { HubwireError, TlsError } from "../errors.ts";
import { type Attempt, badCredential, classifyFailure } from "./classify_failure.ts";
import { withDeadline } from "./deadline.ts";
import { NodeConnection } from "./node_connection.ts";
import { refuseServer } from "./node_server_check.ts";
import { classified, type Dial, openSocket, shakeHands } from "./open_socket.ts";
import { passProxy } from "./pass_proxy.ts";
import { toKeyPair, toPem } from "./pem.ts";
import type { Place, Proxy } from "./proxy.ts";
import { SocketConnection } from "./socket_connection.ts";
import type { Connection, Credentials } from "./transport.ts";

/** One try to connect. */
export interface NodeDial extends Dial {
  target: Place;
  proxy: Proxy | undefined;
  caCerts: readonly string[];
  credentials: Credentials | undefined;
}

/** Connects, through the proxy where there is one, and shakes hands. */
export async function connectNodeTls(dial: NodeDial): Promise<Connection> {
  const socket = await openTcp(dial);
  try {
    return await startTls(socket, dial);
  } catch (error) {
    socket.destroy();
    throw await explain(error, dial);
  }
}

/** A connection to the server, nothing of it read yet. */
async function openTcp(dial: NodeDial): Promise<Socket> {
  const { proxy, target, connectDeadlineMs: ms, signal } = dial;
  const { hostname, port, address } = proxy ?? target;
  const attempt = { ...dial.attempt, address, phase: "connect" } as const;
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connectTcp({ host: hostname, port, noDelay: true }, () => resolve(socket));
  const connection = new NodeConnection(socket, { ...attempt, phase: "transfer" });
  socket.once("error", reject);
  const abandon = () => connection.close();
  await classified(
    withDeadline(promise, { phase: "connect", ms, address, signal, abandon }),
    attempt,
    dial,
  );
  if (proxy) {
    const early = await passProxy(connection, { proxy, target }, { deadlineMs: ms, signal });
    if (early.length > 0) {
      connection.close();
      throw classifyFailure(new Error("InvalidContentType: the server spoke first"), attempt);
    }
  }
  return socket;
}

async function startTls(socket: Socket, dial: NodeDial): Promise<Connection> {
  const { target, handshakeDeadlineMs: ms, signal } = dial;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const secure = connectTls({
    socket,
    host: target.hostname,
    // RFC 6066 knows no IP address here.
    ...(isIP(target.hostname) ? {} : { servername: target.hostname }),
    secureContext: secureContext(dial),
    // Said, because an environment variable could say otherwise.
    rejectUnauthorized: true,
    checkServerIdentity: (_, peer) => refuseServer({ ...target, caCerts: dial.caCerts }, peer),
  }, resolve);
  const attempt: Attempt = { ...dial.attempt, phase: "transfer" };
  const connection = new NodeConnection(secure, attempt);
  secure.once("error", reject);
  const { address } = target;
  const abandon = () => connection.close();
  await withDeadline(promise, { phase: "handshake", ms, address, signal, abandon });
  return connection;
}

/** Node's `ca` would take the place of Deno's authorities and cost 15 ms; this adds to them. */
function secureContext({ caCerts, credentials }: NodeDial): SecureContext {
  const context = createSecureContext({ minVersion: "TLSv1.2", ...toKeyPair(credentials) });
  for (const pem of caCerts) context.context.addCACert(pem);
  return context;
}

/** Says what a failed handshake means; for two of Deno's codes that takes a second look. */
async function explain(error: unknown, dial: NodeDial): Promise<unknown> {
  if (dial.signal?.aborted || error instanceof HubwireError) return error;
  const attempt: Attempt = { ...dial.attempt, phase: "handshake" };
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "UNABLE_TO_VERIFY_LEAF_SIGNATURE") {
    const reason = await askDeno(dial);
    if (reason) return reason;
  }
  // Never a server's answer: that is how Deno says that it cannot use what it was given.
  if (code === "ERR_SSL_UNSUPPORTED_PROTOCOL" && dial.credentials) {
    return explainCredential(dial.credentials, attempt, error as Error);
  }
  return classifyFailure(error, attempt);
}

/**
 * What Deno itself says of the server's certificate: `node:tls` has one code for expired, for another purpose and
 * for an unknown issuer. The client's certificate stays at home.
 */
async function askDeno(dial: NodeDial): Promise<TlsError | undefined> {
  const { target: { hostname }, proxy, target, signal, connectDeadlineMs } = dial;
  const { hostname: host, port } = proxy ?? target;
  try {
    const socket = await openSocket(Deno.connect({ hostname: host, port }), dial);
    const connection = new SocketConnection(socket, { ...dial.attempt, phase: "transfer" });
    if (proxy) {
      await passProxy(connection, { proxy, target }, { deadlineMs: connectDeadlineMs, signal });
    }
    const secure = await Deno.startTls(socket, { hostname, caCerts: [...dial.caCerts] });
    // Closes it on failure.
    await shakeHands(secure, dial);
    secure.close();
  } catch (error) {
    const reason = classifyFailure(error, { ...dial.attempt, phase: "handshake" });
    // Any other failure of this second try is no answer to the question.
    if (reason instanceof TlsError) return reason;
  }
  return undefined;
}

function explainCredential(
  { certificateChain: [leaf], privateKey }: Credentials,
  attempt: Attempt,
  cause: Error,
): HubwireError {
  const unsupported = badCredential(
    "CREDENTIAL_UNSUPPORTED",
    "its key or certificate is of a kind that TLS cannot use here",
  )(attempt, cause);
  try {
    const key = createPrivateKey(toPem("PRIVATE KEY", privateKey));
    if (!leaf) return unsupported;
    if (new X509Certificate(leaf).checkPrivateKey(key)) return unsupported;
  } catch {
    return unsupported;
  }
  return badCredential("CREDENTIAL_KEY_MISMATCH", "key and certificate do not belong together")(
    attempt,
    cause,
  );
}
