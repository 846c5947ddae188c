import { CredentialStore, DeviceClient } from "@hubwire/hubwire";

const [host = "", deviceId = "", port = "8883"] = Deno.args;
const passphrase = Deno.env.get("HUBWIRE_STORE_PASSPHRASE") ?? "";
await using store = await CredentialStore.open({ passphrase, create: false });
const credentials = store.forHost(host);

await using device = await DeviceClient.connect({ host, deviceId, port: +port, credentials });
await device.sendTelemetry({ temperature: 21.5 });
for await (const message of device.messages()) console.log(message.text());
