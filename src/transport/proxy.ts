import { checkAddress } from "./check_address.ts";

/** A place to connect to. */
export interface Place {
  /** Name or IP address. */
  hostname: string;
  port: number;
  /** Both, for messages. */
  address: string;
}

/** A proxy on the way to the server. Never print its login. */
export interface Proxy extends Place {
  kind: "socks5" | "http";
  login: Login | undefined;
}

/** Who asks the proxy. */
export interface Login {
  user: string;
  password: string;
}

const KINDS = {
  "socks5:": { kind: "socks5", port: 1080 },
  // What curl calls resolving names at the proxy; here it is always so.
  "socks5h:": { kind: "socks5", port: 1080 },
  "http:": { kind: "http", port: 80 },
} as const;

/**
 * Reads `socks5://user:password@host:port` or `http://user:password@host:port`. No message shows what was given,
 * for there may be a password in it.
 *
 * @throws {TypeError} If it is neither.
 */
export function parseProxy(text: string): Proxy {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const known = url && Object.entries(KINDS).find(([protocol]) => protocol === url.protocol)?.[1];
  if (!url || !known || url.pathname.length > 1 || url.search || url.hash) {
    throw new TypeError("Cannot use the proxy: give socks5://host:port or http://host:port");
  }
  const hostname = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = url.port === "" ? known.port : Number(url.port);
  const address = checkAddress(hostname, port);
  return { kind: known.kind, hostname, port, address, login: readLogin(url, known.kind) };
}

function readLogin(url: URL, kind: Proxy["kind"]): Login | undefined {
  if (url.username === "" && url.password === "") return undefined;
  const [user, password] = [decode(url.username), decode(url.password)];
  if (kind === "socks5" && [user, password].some((part) => !fitsLengthByte(part))) {
    throw new TypeError("Cannot use the proxy: user name and password must have 1 to 255 bytes");
  }
  if (kind === "http" && user.includes(":")) {
    throw new TypeError("Cannot use the proxy: a user name with a colon cannot be sent (RFC 7617)");
  }
  return { user, password };
}

/** RFC 1929 counts both in one byte, from 1. */
function fitsLengthByte(text: string): boolean {
  const { length } = new TextEncoder().encode(text);
  return length >= 1 && length <= 255;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new TypeError("Cannot use the proxy: write a % in its user name or password as %25");
  }
}
