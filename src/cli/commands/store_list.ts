import {
  type CredentialEntry,
  type CredentialStore,
  normalizeHost,
} from "../../credentials/mod.ts";
import { daysBetween } from "../../credentials/certificate_dates.ts";
import { DamagedRecordsError } from "../../credentials/store_errors.ts";
import type { CredentialAddress } from "../../credentials/store_keys.ts";
import { checkArgument } from "../cli_error.ts";
import { type Command, defineCommand } from "../command.ts";
import { dayOf } from "../dates.ts";
import { printable } from "../printable.ts";
import { findStore, openStore, STORE_FLAGS } from "../store_access.ts";
import { alignColumns } from "../table.ts";

/** Shows what is in the store, without opening a key. */
export const storeList: Command = defineCommand({
  name: "store list",
  summary: "show what is in the store; keys stay sealed",
  examples: ["store list", "store list --host contoso.azure-devices.net --json"],
  sections: {
    "What": { host: { short: "h", alias: "hub", value: "HOST", about: "only those of this host" } },
    "Where": STORE_FLAGS,
  },
  remarks: ["A damaged credential is shown as such, behind the others, and the exit code is 7."],
  async action(flags, io) {
    const text = flags.text("host");
    const host = text === undefined
      ? undefined
      : checkArgument("Cannot use --host", () => normalizeHost(text));
    const place = await findStore(flags, io);
    await using store = await openStore(flags, io, { place, create: false });
    const { entries, damaged } = await contentsOf(store, host);
    if (flags.has("json")) {
      for (const entry of entries) io.print(JSON.stringify(entry));
      for (const address of damaged) {
        io.print(printable(JSON.stringify({ ...address, damaged: true })));
      }
    } else if (entries.length + damaged.length === 0) {
      io.note(`${place.path} has no credential${host === undefined ? "" : ` for ${host}`}`);
    } else {
      const rows = [
        ...entries.map((entry) => describeEntry(entry, io.now())),
        ...damaged.map(({ host, deviceId }) => [printable(host), printable(deviceId), "damaged"]),
      ];
      io.print(alignColumns([["HOST", "DEVICE", "KEY", "EXPIRES", "SHA-256"], ...rows]));
    }
    if (damaged.length > 0) throw new DamagedRecordsError(damaged);
  },
});

/** Everything that is stored, for one host if one is named; what does not open is known by its address only. */
async function contentsOf(
  store: CredentialStore,
  host: string | undefined,
): Promise<{ entries: CredentialEntry[]; damaged: readonly CredentialAddress[] }> {
  const isMeant = (address: CredentialAddress) => host === undefined || address.host === host;
  const entries: CredentialEntry[] = [];
  try {
    for await (const entry of store.list()) entries.push(entry);
    return { entries: entries.filter(isMeant), damaged: [] };
  } catch (error) {
    if (!(error instanceof DamagedRecordsError)) throw error;
    return { entries: entries.filter(isMeant), damaged: error.records.filter(isMeant) };
  }
}

/** One row; of the thumbprint as much as it takes to tell certificates apart. */
function describeEntry(entry: CredentialEntry, now: Date): string[] {
  const { host, deviceId, keyType, thumbprintSha256 } = entry;
  return [host, deviceId, keyType, expiry(entry, now), `${thumbprintSha256.slice(0, 16)}…`];
}

function expiry({ notBefore, notAfter }: CredentialEntry, now: Date): string {
  if (now < notBefore) return `${dayOf(notAfter)} (valid in ${daysBetween(now, notBefore)})`;
  return now > notAfter
    ? `${dayOf(notAfter)} (${daysBetween(notAfter, now)} ago)`
    : `${dayOf(notAfter)} (in ${daysBetween(now, notAfter)})`;
}
