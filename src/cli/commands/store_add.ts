import { type CredentialStore, type Identity, normalizeHost } from "../../credentials/mod.ts";
import { describeCredential } from "../../credentials/store_entry.ts";
import type { CredentialAddress } from "../../credentials/store_keys.ts";
import { useIdentity } from "../../credentials/store_pfx.ts";
import { readLeaf, refuseUnusable } from "../../credentials/store_preflight.ts";
import { checkArgument } from "../cli_error.ts";
import { type Command, defineCommand } from "../command.ts";
import { dayOf } from "../dates.ts";
import { namingFile } from "../naming_file.ts";
import { readInputFile } from "../read_input_file.ts";
import { withSecret } from "../secrets.ts";
import { findStore, openStore, STORE_FLAGS } from "../store_access.ts";

/** Puts a device's credential into the store. */
export const storeAdd: Command = defineCommand({
  name: "store add",
  summary: "put the credential in a PFX into the store; the first one makes the store",
  examples: [
    "store add device.pfx --host contoso.azure-devices.net",
    "store add device.pfx --host contoso.azure-devices.net --passphrase-file pfx.secret",
  ],
  operand: "FILE.pfx",
  sections: {
    "What": {
      "host": { short: "h", alias: "hub", value: "HOST", about: "the host that it is for" },
      "passphrase-file": {
        value: "FILE",
        about: "a file with the PFX's password; else you are asked",
      },
    },
    "Where": STORE_FLAGS,
  },
  remarks: ["The device id is the certificate's common name."],
  async action(flags, io) {
    const [file = ""] = flags.rest;
    const host = checkArgument("Cannot use --host", () => normalizeHost(flags.required("host")));
    const place = await findStore(flags, io);
    const pfx = await readInputFile(file);
    // The store is opened, or made, only when it is sure that there is something to put into it.
    const add = async (identity: Identity, warnings: string[]) => {
      refuseUnusable(readLeaf(identity), io.now());
      const address = describeCredential(identity, { host, addedAt: io.now() });
      await using store = await openStore(flags, io, { place, create: true });
      return { ...await addTo(store, address, { identity }), store: place.path, warnings };
    };
    const outcome = await withSecret(
      {
        what: `password of ${file}`,
        file: flags.text("passphrase-file"),
        fileFlag: "--passphrase-file",
        wrongCode: "CREDENTIAL_WRONG_PASSWORD",
      },
      io,
      {
        attempt: (password) => namingFile(file, () => useIdentity({ pfx, password }, add)),
      },
    );
    if (flags.has("json")) return io.print(JSON.stringify(outcome));
    for (const warning of outcome.warnings) io.note(`${file}: ${warning}`);
    io.print(inWords(outcome));
  },
});

interface Outcome {
  host: string;
  deviceId: string;
  /** Whether the store has changed. */
  added: boolean;
  /** The last day of the certificate that was there before. */
  replaced?: string;
}

async function addTo(
  store: CredentialStore,
  { host, deviceId }: CredentialAddress,
  { identity }: { identity: Identity },
): Promise<Outcome> {
  const before = await store.entry(host, deviceId);
  const replaced = before && dayOf(before.notAfter);
  const { added } = await store.add(host, identity, { deviceId });
  return { host, deviceId, added, ...added && replaced !== undefined ? { replaced } : {} };
}

function inWords({ host, deviceId, added, replaced }: Outcome): string {
  if (!added) return `${deviceId} is in the store for ${host} already; nothing was changed`;
  if (replaced === undefined) return `Added ${deviceId} for ${host}`;
  return `Replaced the certificate of ${deviceId} for ${host}; the old one was valid until ${replaced}`;
}
