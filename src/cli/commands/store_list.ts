import { type CredentialEntry, normalizeHost } from "../../credentials/mod.ts";
import { checkArgument } from "../cli_error.ts";
import { type Command, defineCommand } from "../command.ts";
import { dayOf, daysBetween } from "../dates.ts";
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
  async action(flags, io) {
    const text = flags.text("host");
    const host = text && checkArgument("Cannot use --host", () => normalizeHost(text));
    const place = await findStore(flags, io);
    await using store = await openStore(flags, io, { place, create: false });
    const entries = (await Array.fromAsync(store.list()))
      .filter((entry) => host === undefined || entry.host === host);
    if (flags.has("json")) {
      for (const entry of entries) io.print(JSON.stringify(entry));
    } else if (entries.length === 0) {
      io.note(`${place.path} has no credential${host === undefined ? "" : ` for ${host}`}`);
    } else {
      const rows = entries.map((entry) => describeEntry(entry, io.now()));
      io.print(alignColumns([["HOST", "DEVICE", "KEY", "EXPIRES", "SHA-256"], ...rows]));
    }
  },
});

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
