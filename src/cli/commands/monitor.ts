import { MqttClient } from "../../client/mod.ts";
import {
  clientIdOf,
  CloudMessage,
  cloudToDeviceFilter,
  parseCloudToDeviceTopic,
  userNameOf,
} from "../../hub/mod.ts";
import { type Command, defineCommand } from "../command.ts";
import { CREDENTIAL_FLAGS, DEVICE_FLAGS, SERVER_FLAGS } from "../connection_flags.ts";
import { findDevice, type HubDevice } from "../hub_device.ts";
import { FORMAT_HELP } from "../message_format.ts";
import { printMessages, readReceiving, RECEIVE_FLAGS } from "../receiving.ts";
import { tellStates } from "../tell_states.ts";

/** The hub's messages are smaller than 256 KiB; this leaves room for topics. */
const MAXIMUM_PACKET_SIZE = 320 * 1024;

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
    using device = await findDevice(flags, io);
    await using client = makeClient(device);
    if (flags.has("debug")) tellStates(client, io);
    // Asked for before connecting: what waited for the device comes at once.
    const messages = client.messages();
    const signal = io.interrupted;
    await client.connect({ signal });
    await client.subscribe(cloudToDeviceFilter(device.deviceId), { qos: 1, signal });
    await printMessages(
      {
        messages,
        close: () => client.close(),
        describe: ({ topic, payload }) => {
          const bag = parseCloudToDeviceTopic(device.deviceId, topic) ?? "";
          const { properties, systemProperties } = new CloudMessage(payload, bag);
          return {
            properties: Object.fromEntries(properties),
            systemProperties: Object.fromEntries(systemProperties),
          };
        },
      },
      receiving,
      { io },
    );
  },
});

/** What a `DeviceClient` is, but with topic and flags of each message, which belong to what is printed. */
function makeClient(device: HubDevice): MqttClient {
  const { host, deviceId, transport, keepAliveSeconds, deadlineMs } = device;
  return new MqttClient({
    transport,
    clientId: clientIdOf({ deviceId }),
    username: userNameOf({ deviceId, host }),
    cleanSession: false,
    keepAliveSeconds,
    connackDeadlineMs: deadlineMs,
    maximumPacketSize: MAXIMUM_PACKET_SIZE,
  });
}
