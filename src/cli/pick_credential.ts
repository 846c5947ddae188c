/** Which of the credentials that the store has for a host is meant. They are known by their device ids. */

import { CredentialError } from "../errors.ts";
import { usageError } from "./cli_error.ts";
import { PROGRAM } from "./program_name.ts";

/** For what a credential is wanted. */
export interface Wanted {
  host: string;
  port: number;
  /** The device, if one was named. */
  deviceId: string | undefined;
}

const ADD = `Add it: ${PROGRAM} store add device.pfx --host HOST`;

/** A hub knows its devices: the one that was named, or the only one. */
export function pickDevice(deviceIds: string[], { host, deviceId }: Wanted): string {
  if (deviceIds.length === 0) throw notInStore(host, { why: "the store has none", remedy: ADD });
  if (deviceId === undefined) return onlyOne(deviceIds, host);
  if (deviceIds.includes(deviceId)) return deviceId;
  const why = `the store has ${enumerate(deviceIds)}`;
  throw notInStore(`device ${deviceId} of ${host}`, { why, remedy: ADD });
}

/** Elsewhere a client id may be anything: it decides only among several. */
export function pickAny(deviceIds: string[], { host, deviceId }: Wanted): string {
  if (deviceIds.length === 0) {
    const remedy = `${ADD}; or connect without one, with --no-store.`;
    throw notInStore(host, { why: "the store has none", remedy });
  }
  if (deviceId !== undefined && deviceIds.includes(deviceId)) return deviceId;
  return onlyOne(deviceIds, host);
}

function onlyOne(deviceIds: string[], host: string): string {
  const [only, ...others] = deviceIds;
  if (only !== undefined && others.length === 0) return only;
  throw usageError({
    what: `Cannot choose a credential for ${host}`,
    why: `the store has several: ${enumerate(deviceIds)}`,
    remedy: "Name the device with -i.",
  });
}

function notInStore(whose: string, reason: { why: string; remedy: string }): CredentialError {
  const what = `Cannot find a credential for ${whose}`;
  return new CredentialError("CREDENTIAL_NOT_FOUND", { what, ...reason });
}

function enumerate(deviceIds: string[]): string {
  const shown = deviceIds.slice(0, 10).join(", ");
  return deviceIds.length > 10 ? `${shown}, …` : shown;
}
