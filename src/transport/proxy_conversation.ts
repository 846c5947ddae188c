import { ConnectionLostError, type ErrorText, type ProxyCode, ProxyError } from "../errors.ts";
import type { Place, Proxy } from "./proxy.ts";

/** Something to be said to a proxy, and how long its answer is. */
export interface Exchange {
  send: Uint8Array;
  /** How many of the bytes that have come are the answer; `undefined` while it is not whole. */
  answerLength(received: Uint8Array): number | undefined;
}

/** Talks a proxy into a connection: gives what to send, takes each whole answer, ends when the way is free. */
export type Conversation = Generator<Exchange, void, Uint8Array>;

/** From where to where. */
export interface Route {
  proxy: Proxy;
  target: Place;
}

/** The proxy is no way to that place. */
export function proxyFault(
  code: ProxyCode,
  { route, ...reason }: Pick<ErrorText, "why" | "remedy"> & { route: Route },
): ProxyError {
  return new ProxyError(code, { what: whatFailed(route), ...reason });
}

/** What answered is no proxy of that kind. */
export function notSpoken(route: Route): ProxyError {
  const kind = { socks5: "SOCKS 5", http: "HTTP" }[route.proxy.kind];
  return proxyFault("PROXY_NOT_SPOKEN", {
    route,
    why: `what answers there does not speak ${kind} as a proxy does`,
    remedy: "Check the proxy's port and whether it is socks5:// or http://.",
  });
}

/** The proxy did its part, and the way behind it is not free. */
export function unreachable(
  code: ConstructorParameters<typeof ConnectionLostError>[0],
  { route, why }: { route: Route; why: string },
): ConnectionLostError {
  const remedy = "Check host and port, and whether the proxy may and can reach them.";
  return new ConnectionLostError(code, { what: whatFailed(route), why, remedy });
}

function whatFailed({ proxy, target }: Route): string {
  return `Cannot connect to ${target.address} through the proxy ${proxy.address}`;
}
