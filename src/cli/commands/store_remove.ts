import { normalizeHost } from "../../credentials/mod.ts";
import { checkDeviceId } from "../../credentials/store_preflight.ts";
import { CredentialError } from "../../errors.ts";
import { checkArgument } from "../cli_error.ts";
import { type Command, defineCommand } from "../command.ts";
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
    const host = checkArgument("Cannot use --host", () => normalizeHost(flags.required("host")));
    const deviceId = flags.required("device-id");
    checkArgument("Cannot use --device-id", () => checkDeviceId(deviceId));
    const place = await findStore(flags, io);
    await using store = await openStore(flags, io, { place, create: false });
    if (!await store.remove(host, deviceId)) {
      throw new CredentialError("CREDENTIAL_NOT_FOUND", {
        what: `Cannot remove ${deviceId} of ${host}`,
        why: "the store has no such credential",
        remedy: `Look what it has: ${PROGRAM} store list`,
      });
    }
    if (flags.has("json")) io.print(JSON.stringify({ host, deviceId, removed: true }));
    else io.print(`Removed ${deviceId} of ${host}`);
  },
});
