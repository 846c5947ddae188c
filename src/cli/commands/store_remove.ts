import { CredentialError } from "../../errors.ts";
import { asUsageError } from "../cli_error.ts";
import { type Command, defineCommand } from "../command.ts";
import { printable } from "../printable.ts";
import { PROGRAM } from "../program_name.ts";
import { findStore, openStore, STORE_FLAGS } from "../store_access.ts";

/** Takes a device's credential out of the store. */
export const storeRemove: Command = defineCommand({
  name: "store remove",
  summary: "take the credential of a device out of the store",
  examples: ["store remove --host contoso.azure-devices.net --device-id thermometer"],
  sections: {
    "What": {
      "host": { short: "h", alias: "hub", value: "HOST", about: "the host that it is for" },
      "device-id": { short: "i", alias: "id", value: "ID", about: "the device" },
    },
    "Where": STORE_FLAGS,
  },
  async action(flags, io) {
    const [host, deviceId] = [flags.required("host"), flags.required("device-id")];
    const place = await findStore(flags, io);
    await using store = await openStore(flags, io, { place, create: false });
    // What was damaged may stand under names that nobody could add: those go, too.
    const removed = await store.remove(host, deviceId).catch((error: unknown) => {
      throw asUsageError("Cannot remove that", error);
    });
    if (!removed) {
      throw new CredentialError("CREDENTIAL_NOT_FOUND", {
        what: `Cannot remove ${deviceId} of ${host}`,
        why: "the store has no such credential",
        remedy: `Look what it has: ${PROGRAM} store list`,
      });
    }
    if (flags.has("json")) io.print(JSON.stringify({ host, deviceId, removed }));
    else io.print(printable(`Removed ${deviceId} of ${host}`));
  },
});
