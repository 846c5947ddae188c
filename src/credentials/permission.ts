/**
 * Asks what this program may do, and says which flag is missing. It only queries and never requests, so
 * nothing here makes Deno ask a human.
 */
import { PermissionError } from "../errors.ts";

/** Whether a permission is granted. Whatever Deno would ask a human about counts as not granted. */
export async function isGranted(descriptor: Deno.PermissionDescriptor): Promise<boolean> {
  return (await Deno.permissions.query(descriptor)).state === "granted";
}

/** @throws {PermissionError} Naming the flag for every one of `access` that is missing on this very path. */
export async function requireFileAccess(
  path: string,
  options: { access: ("read" | "write")[]; what: string },
): Promise<void> {
  const missing: string[] = [];
  for (const name of options.access) {
    if (!await isGranted({ name, path })) missing.push(name);
  }
  if (missing.length === 0) return;
  throw new PermissionError(missing.map((name) => `--allow-${name}=${path}`).join(" "), {
    what: options.what,
    why: `Deno was started without permission to ${missing.join(" and ")} ${path}`,
  });
}

/** The query names the port: with `--allow-net=hub:8883` the host alone does not count as granted. */
export async function requireNetAccess(
  address: { host: string; port: number },
  options: { what: string },
): Promise<void> {
  const host = `${address.host}:${address.port}`;
  if (await isGranted({ name: "net", host })) return;
  throw new PermissionError(`--allow-net=${host}`, {
    what: options.what,
    why: `Deno was started without permission to reach ${host}`,
  });
}

/** Where hubs listen: MQTT, and MQTT over WebSocket. */
const HUB_PORTS = [8883, 443];

/** The same for a program that does not say which port it is about to dial: any at which a hub listens will do. */
export async function requireHostAccess(host: string, options: { what: string }): Promise<void> {
  for (const port of HUB_PORTS) {
    if (await isGranted({ name: "net", host: `${host}:${port}` })) return;
  }
  await requireNetAccess({ host, port: 8883 }, options);
}
