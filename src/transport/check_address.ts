/**
 * Returns `host:port`, with brackets around an IPv6 address.
 *
 * A name that no resolver could find is refused here: each way to connect would put it differently, one of them
 * after having asked somebody on the network for it.
 *
 * @throws {TypeError} If the host is a URL, has a port in it, or is none at all.
 * @throws {RangeError} If the port is not 1 to 65 535.
 */
export function checkAddress(hostname: string, port: number): string {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new RangeError(`Cannot connect to port ${port}: it must be 1 to 65535`);
  }
  const fault = findFault(hostname);
  if (fault === undefined) {
    return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
  }
  // Not shown with an @ in it: there may be a password before.
  const shown = hostname.includes("@") ? "that host" : JSON.stringify(hostname);
  throw new TypeError(`Cannot connect to ${shown}: ${fault}`);
}

/** Whether it is an address and no name. */
export function isIpAddress(hostname: string): boolean {
  return IPV4.test(hostname) || isIpv6(hostname);
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
/** RFC 1123, section 2.1, and the underscore that many networks have in their names. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/i;
/** What systems take for a number is no name (RFC 1738, section 3.1), and each takes it for another address. */
const NUMBER = /^(?:\d+|0x[0-9a-f]*)$/i;
const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;

function isIpv6(hostname: string): boolean {
  return hostname.includes(":") && URL.canParse(`http://[${hostname}]/`);
}

function findFault(hostname: string): string | undefined {
  if (isIpAddress(hostname)) return undefined;
  // deno-lint-ignore no-control-regex
  if (/[^\u0000-\u007f]/.test(hostname)) return "write an international name in Punycode, xn--…";
  const name = hostname.replace(/\.$/, "");
  const labels = name.split(".");
  if (name !== "" && labels.includes("")) return "a part of its name between two dots is empty";
  if (name.length > LONGEST_NAME) return `a name has at most ${LONGEST_NAME} letters`;
  if (labels.some(({ length }) => length > LONGEST_LABEL)) {
    return `a part of a name between two dots has at most ${LONGEST_LABEL} letters`;
  }
  if (!labels.every((label) => LABEL.test(label))) {
    return "give a host name without scheme and port";
  }
  if (NUMBER.test(labels.at(-1) ?? "")) {
    return "it looks like an IPv4 address, which has four numbers from 0 to 255";
  }
  return undefined;
}
