/**
 * TLS over `node:tls`, where `Deno.connectTls` has no way: without Nagle's delay, and through a proxy. Loaded on
 * first use only.
 */

import { createPrivateKey, X509Certificate } from "node:crypto";
import { connect as connectTls, createSecureContext, type SecureContext } from "node:tls";
import { HubwireError, TlsError } from "../errors.ts";
import { classifyFailure } from "./classify_failure.ts";
import { isIpAddress } from "./check_address.ts";
import { withDeadline } from "./deadline.ts";
import { NodeConnection } from "./node_connection.ts";
import { refuseServer } from "./node_server_check.ts";
import { NodeStream } from "./node_stream.ts";
import { type Dial, shakeHands } from "./open_socket.ts";
import { openTcp, type TcpDial } from "./open_tcp.ts";
import { toKeyPair, toPem } from "./pem.ts";
import type { Connection, Credentials } from "./transport.ts";
import { type Attempt, badCredential } from "./transport_errors.ts";

/** One try to connect. */
export interface NodeDial extends Dial, TcpDial {
  caCerts: readonly string[];
  credentials: Credentials | undefined;
}

/** Connects, through the proxy where there is one, and shakes hands. */
export async function connectNodeTls(dial: NodeDial): Promise<Connection> {
  const { connection } = await openTcp(dial);
  try {
    return await startTls(connection, dial);
  } catch (error) {
    connection.close();
    throw await explain(error, dial);
  }
}

async function startTls(connection: Connection, dial: NodeDial): Promise<Connection> {
  const { target: { hostname, address }, handshakeDeadlineMs: ms, signal, caCerts } = dial;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stream = new NodeStream(connection);
  const secure = connectTls({
    socket: stream,
    host: hostname,
    // RFC 6066 knows no IP address here.
    ...(isIpAddress(hostname) ? {} : { servername: hostname }),
    secureContext: secureContext(dial),
    // Said, because an environment variable could say otherwise.
    rejectUnauthorized: true,
    checkServerIdentity: (_, peer) => refuseServer({ hostname, address, caCerts }, peer),
  }, resolve);
  const attempt: Attempt = { ...dial.attempt, phase: "transfer" };
  const pipe = new NodeConnection({ secure, stream, attempt });
  secure.once("error", reject);
  stream.once("error", reject);
  const abandon = () => pipe.close();
  await withDeadline(promise, { phase: "handshake", ms, address, signal, abandon });
  stream.halt();
  return pipe;
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
    if (dial.signal?.aborted) return dial.signal.reason;
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
async function askDeno(given: NodeDial): Promise<TlsError | undefined> {
  const attempt = { ...given.attempt, hasCredentials: false };
  const dial = { ...given, attempt };
  try {
    const { socket } = await openTcp(dial);
    const { target: { hostname } } = dial;
    const secure = await Deno.startTls(socket, { hostname, caCerts: [...dial.caCerts] });
    // Closes it on failure.
    await shakeHands(secure, dial);
    secure.close();
  } catch (error) {
    const reason = classifyFailure(error, { ...attempt, phase: "handshake" });
    // Any other failure of this second try is no answer to the question.
    if (reason instanceof TlsError) return reason;
  }
  return undefined;
}

function explainCredential(
  credentials: Credentials,
  attempt: Attempt,
  cause: Error,
): HubwireError {
  const make = isForeignKey(credentials)
    ? badCredential("CREDENTIAL_KEY_MISMATCH", "key and certificate do not belong together")
    : badCredential(
      "CREDENTIAL_UNSUPPORTED",
      "its key or certificate is of a kind that TLS cannot use here",
    );
  return make(attempt, cause);
}

function isForeignKey({ certificateChain: [leaf], privateKey }: Credentials): boolean {
  if (!leaf) return false;
  try {
    const key = createPrivateKey(toPem("PRIVATE KEY", privateKey));
    return !new X509Certificate(leaf).checkPrivateKey(key);
  } catch {
    // Whatever cannot be read is nobody's key: it is of no use at all.
    return false;
  }
}
