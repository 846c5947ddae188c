/**
 * Asks a SOCKS 5 proxy for a connection (RFC 1928), with user name and password where there are any (RFC 1929).
 * Bytes in, bytes out: no sockets. A name is sent as it is; the proxy looks it up.
 */

import {
  type Conversation,
  notSpoken,
  proxyFault,
  type Route,
  unreachable,
} from "./proxy_conversation.ts";
import type { Login } from "./proxy.ts";

const NO_LOGIN = 0;
const PASSWORD = 2;
const NONE_OF_THESE = 0xff;

/** Ends when the proxy has opened the connection. */
export function* askSocks5(route: Route): Conversation {
  const { login } = route.proxy;
  const methods = login ? [NO_LOGIN, PASSWORD] : [NO_LOGIN];
  const choice = yield { send: Uint8Array.of(5, methods.length, ...methods), answerLength: two };
  if (choice[0] !== 5) throw notSpoken(route);
  const method = choice[1];
  if (method === NONE_OF_THESE) throw loginFailed(route);
  if (method === PASSWORD && login) {
    const verdict = yield { send: encodeLogin(login), answerLength: two };
    if (verdict[0] !== 1) throw notSpoken(route);
    if (verdict[1] !== 0) throw loginFailed(route);
  } else if (method !== NO_LOGIN) throw notSpoken(route);
  const { hostname, port } = route.target;
  const request = Uint8Array.of(5, 1, 0, ...encodeHost(hostname), port >> 8, port & 255);
  const reply = yield { send: request, answerLength: replyLength };
  if (reply[0] !== 5 || reply[2] !== 0 || !isAddressType(reply[3])) throw notSpoken(route);
  if (reply[1] !== 0) throw refusal(reply[1], route);
}

function two(received: Uint8Array): number | undefined {
  return received.length >= 2 ? 2 : undefined;
}

/** Version, reply, reserved, the address by its type, two bytes of port. */
function replyLength(received: Uint8Array): number | undefined {
  const [version, , reserved, type, first] = received;
  if (type === undefined || first === undefined) return undefined;
  // Not worth waiting for more of it.
  if (version !== 5 || reserved !== 0 || !isAddressType(type)) return received.length;
  const address = type === 1 ? 4 : type === 4 ? 16 : 1 + first;
  const length = 4 + address + 2;
  return received.length >= length ? length : undefined;
}

function isAddressType(type: number | undefined): boolean {
  return type === 1 || type === 3 || type === 4;
}

function encodeLogin({ user, password }: Login): Uint8Array {
  return Uint8Array.of(1, ...withLength(user), ...withLength(password));
}

/** The type of address and the address. */
function encodeHost(hostname: string): number[] {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(hostname)) return [1, ...hostname.split(".").map(Number)];
  if (hostname.includes(":")) return [4, ...encodeIpv6(hostname)];
  return [3, ...withLength(hostname)];
}

/** The URL parser knows all spellings and gives the shortest, with at most one `::` and no dots. */
function encodeIpv6(hostname: string): number[] {
  const [head = "", tail = ""] = new URL(`http://[${hostname}]`).hostname.slice(1, -1).split("::");
  const before = ipv6Groups(head);
  const after = ipv6Groups(tail);
  const zeros = new Array<number>(16 - before.length - after.length).fill(0);
  return [...before, ...zeros, ...after];
}

function ipv6Groups(text: string): number[] {
  if (text === "") return [];
  return text.split(":").map((group) => parseInt(group, 16)).flatMap((n) => [n >> 8, n & 255]);
}

function withLength(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [bytes.length, ...bytes];
}

function loginFailed(route: Route): Error {
  return proxyFault("PROXY_AUTHENTICATION_FAILED", {
    route,
    why: route.proxy.login
      ? "it does not accept the user name and password"
      : "it wants a user name and a password, or another proof, and none was given",
    remedy: "Give the right ones: socks5://user:password@host:port.",
  });
}

function refusal(code: number | undefined, route: Route): Error {
  switch (code) {
    case 3:
      return unreachable("NETWORK_UNREACHABLE", { route, why: "it cannot reach the network" });
    case 4:
      return unreachable("NETWORK_UNREACHABLE", { route, why: "it cannot reach the host" });
    case 5:
      return unreachable("NETWORK_REFUSED", { route, why: "nothing listens on that port" });
    case 6:
      return unreachable("NETWORK_UNREACHABLE", {
        route,
        why: "the packets do not arrive (TTL expired)",
      });
    case 1:
      return unreachable("NETWORK_UNREACHABLE", { route, why: "it failed and does not say why" });
    default:
      return proxyFault("PROXY_REFUSED", {
        route,
        why: code === 2 ? "its rules do not allow that host and port" : `it refuses (code ${code})`,
        remedy: "Ask whoever runs the proxy to allow that host and port.",
      });
  }
}
