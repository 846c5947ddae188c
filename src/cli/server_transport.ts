import {
  type CredentialsProvider,
  tcpTransport,
  tlsTransport,
  type Transport,
} from "../transport/mod.ts";
import type { Server } from "./server.ts";

/** How to speak to a server: as whom, or without TLS. */
export interface Speaking {
  credentials?: CredentialsProvider | undefined;
  isPlain?: boolean;
}

/** The way to the server that the flags name. */
export function serverTransport(server: Server, { credentials, isPlain }: Speaking): Transport {
  const { port, caCerts, deadlineMs, noDelay, proxy } = server;
  const place = {
    // The one form of an IPv6 address that the store knows has brackets.
    hostname: server.host.replace(/^\[(.*)\]$/, "$1"),
    port,
    connectDeadlineMs: deadlineMs,
    ...proxy === undefined ? {} : { proxy },
  };
  // Without TLS all is sent at once anyway.
  if (isPlain) return tcpTransport(place);
  return tlsTransport({
    ...place,
    caCerts,
    noDelay,
    handshakeDeadlineMs: deadlineMs,
    ...credentials ? { credentials } : {},
  });
}
