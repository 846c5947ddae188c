const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Returns the host name of a hub in the form that the hub expects: lower case, without trailing dot.
 *
 * @throws {TypeError} If it is a URL, has a port in it, or is no host name.
 */
export function checkHost(host: string): string {
  const name = typeof host === "string" ? host.toLowerCase().replace(/\.$/, "") : "";
  if (name.length <= 253 && name.split(".").every((label) => LABEL.test(label))) return name;
  throw new TypeError(
    `Cannot use ${
      JSON.stringify(host)
    } as a hub: give its host name, such as contoso.azure-devices.net`,
  );
}
