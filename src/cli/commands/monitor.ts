import type { CloudMessage } from "../../hub/mod.ts";
import { type Command, defineCommand } from "../command.ts";
import { CREDENTIAL_FLAGS, DEVICE_FLAGS, SERVER_FLAGS } from "../connection_flags.ts";
import { connectDevice, findDevice } from "../hub_device.ts";
import { FORMAT_HELP } from "../message_format.ts";
import { printMessages, readReceiving, RECEIVE_FLAGS } from "../receiving.ts";

/** Prints what the cloud sends to a hub's device. */
export const monitor: Command = defineCommand({
  name: "monitor",
  summary: "print what the cloud sends to a device of an Azure IoT Hub",
  examples: [
    "monitor -h contoso.azure-devices.net",
    "monitor -h contoso.azure-devices.net -i thermometer --json",
    "monitor -h contoso.azure-devices.net -i thermometer -C 1 -W 60",
  ],
  sections: {
    "What": RECEIVE_FLAGS,
    "Where": SERVER_FLAGS,
    "As whom": { ...DEVICE_FLAGS, ...CREDENTIAL_FLAGS },
  },
  remarks: [
    "A message that was printed counts as completed, and the hub forgets it.",
    ...FORMAT_HELP,
  ],
  async action(flags, io) {
    const receiving = readReceiving(flags, io);
    await using device = await connectDevice(await findDevice(flags, io), io);
    const source = {
      messages: device.messages(),
      close: () => device.close(),
      describe: ({ properties, systemProperties }: CloudMessage) => ({
        properties: Object.fromEntries(properties),
        systemProperties: Object.fromEntries(systemProperties),
      }),
    };
    await printMessages(source, receiving, { io });
  },
});
