import type { Command } from "../command.ts";
import { commandGroup } from "../command_group.ts";
import { storeAdd } from "./store_add.ts";
import { storeList } from "./store_list.ts";
import { storeRemove } from "./store_remove.ts";

/** The commands for the credential store. */
export const store: Command = commandGroup({
  name: "store",
  summary: "keep device certificates and their keys, sealed, by hub host",
  examples: [
    "store add device.pfx --host contoso.azure-devices.net",
    "store list",
    "store remove --host contoso.azure-devices.net --device-id thermometer",
  ],
  commands: { add: storeAdd, list: storeList, remove: storeRemove },
});
