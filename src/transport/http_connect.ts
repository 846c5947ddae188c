/**
 * Asks an HTTP proxy for a tunnel with CONNECT (RFC 9110, section 9.3.6), with Basic authentication where there is
 * a login. Bytes in, bytes out: no sockets. A name is sent as it is; the proxy looks it up.
 */

import {
  type Conversation,
  notSpoken,
  proxyFault,
  type Route,
  unreachable,
} from "./proxy_conversation.ts";
import type { Login } from "./proxy.ts";

/** No proxy says more than that before the tunnel. */
const LONGEST_ANSWER = 16 * 1024;

/** Ends when the tunnel is open. */
export function* askHttpProxy(route: Route): Conversation {
  const { target: { address }, proxy: { login } } = route;
  const lines = [
    `CONNECT ${address} HTTP/1.1`,
    `Host: ${address}`,
    ...authorization(login),
    "",
    "",
  ];
  const send = new TextEncoder().encode(lines.join("\r\n"));
  const answer = yield { send, answerLength: headLength };
  const status = /^HTTP\/1\.[01] (\d{3})[ \r]/.exec(toText(answer))?.[1];
  if (status === undefined || !endsHead(answer)) throw notSpoken(route);
  // Whatever a 2xx says of a body: there is none, the tunnel begins.
  if (!status.startsWith("2")) throw refusal(Number(status), route);
}

/** Up to the empty line; all of it when it is none that HTTP begins with, or too long. */
function headLength(received: Uint8Array): number | undefined {
  const text = toText(received);
  if (!text.startsWith("HTTP/1.".slice(0, text.length))) return received.length;
  const end = text.indexOf("\r\n\r\n");
  if (end !== -1) return end + 4;
  return received.length > LONGEST_ANSWER ? received.length : undefined;
}

function endsHead(answer: Uint8Array): boolean {
  return toText(answer.subarray(-4)) === "\r\n\r\n";
}

/** A character a byte. */
function toText(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

function authorization(login: Login | undefined): string[] {
  if (!login) return [];
  const pair = new TextEncoder().encode(`${login.user}:${login.password}`);
  return [`Proxy-Authorization: Basic ${pair.toBase64()}`];
}

function refusal(status: number, route: Route): Error {
  if (status === 407) {
    return proxyFault("PROXY_AUTHENTICATION_FAILED", {
      route,
      why: route.proxy.login
        ? "it does not accept the user name and password, or wants another kind of proof"
        : "it wants a user name and a password",
      remedy: "Give the right ones: http://user:password@host:port; only Basic is spoken.",
    });
  }
  // A gateway's own words for "not from here": bad gateway, unavailable, timeout.
  if ([502, 503, 504].includes(status)) {
    return unreachable("NETWORK_UNREACHABLE", {
      route,
      why: `it cannot reach the host (status ${status})`,
    });
  }
  return proxyFault("PROXY_REFUSED", {
    route,
    why: `it refuses (status ${status})`,
    remedy: "Ask whoever runs the proxy to allow CONNECT to that host and port.",
  });
}
