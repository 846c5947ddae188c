/**
 * Returns `host:port`, with brackets around an IPv6 address.
 *
 * @throws {TypeError} If the host is a URL, has a port in it, or is none at all.
 * @throws {RangeError} If the port is not 1 to 65 535.
 */
export function checkAddress(hostname: string, port: number): string {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new RangeError(`Cannot connect to port ${port}: it must be 1 to 65535`);
  }
  const isIpv6 = IPV6.test(hostname);
  if (!isIpv6 && !/^[^\s/:@[\]]+$/.test(hostname)) {
    throw new TypeError(
      `Cannot connect to ${JSON.stringify(hostname)}: give a host name without scheme and port`,
    );
  }
  return isIpv6 ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

const IPV6 = /^[0-9a-fA-F:]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$/;

/** Whether it is an address and no name. */
export function isIpAddress(hostname: string): boolean {
  return IPV6.test(hostname) || /^\d+\.\d+\.\d+\.\d+$/.test(hostname);
}
