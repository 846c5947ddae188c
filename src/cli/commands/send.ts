import { type Command, defineCommand } from "../command.ts";
import { CREDENTIAL_FLAGS, DEVICE_FLAGS, SERVER_FLAGS } from "../connection_flags.ts";
import { connectDevice, findDevice } from "../hub_device.ts";
import { PAYLOAD_FLAGS, readPayloads } from "../payloads.ts";
import { publishAndClose } from "../publishing.ts";
import { readTelemetrySettings, settingsFor, TELEMETRY_FLAGS } from "../telemetry_flags.ts";

/** Sends telemetry of a hub's device. */
export const send: Command = defineCommand({
  name: "send",
  summary: "send telemetry of a device to its Azure IoT Hub",
  examples: [
    `send -h contoso.azure-devices.net -m '{"temperature":21.5}'`,
    "send -h contoso.azure-devices.net -i thermometer -m 21.5 --prop level=high",
    "send -h contoso.azure-devices.net -i thermometer -l < readings.ndjson",
  ],
  sections: {
    "What": { ...PAYLOAD_FLAGS, ...TELEMETRY_FLAGS },
    "Where": SERVER_FLAGS,
    "As whom": { ...DEVICE_FLAGS, ...CREDENTIAL_FLAGS },
  },
  async action(flags, io) {
    const settings = readTelemetrySettings(flags);
    const payloads = await readPayloads(flags, io);
    const device = await connectDevice(await findDevice(flags, io), io);
    const publishing = {
      connection: device,
      payloads,
      qos: settings.qos,
      publish: (payload: Uint8Array) =>
        device.sendTelemetry(payload, settingsFor(payload, settings)),
      close: () => device.close(),
    };
    await publishAndClose(publishing, flags, { io });
  },
});
