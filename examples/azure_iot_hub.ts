/**
 * A device of an Azure IoT Hub: its PFX goes into the store once, then it prints what the cloud sends until Ctrl-C.
 *
 *     HUBWIRE_STORE_PASSPHRASE=… HUBWIRE_PFX_PASSWORD=… \
 *       deno run -A --unstable-kv examples/azure_iot_hub.ts HOST DEVICE_ID device.pfx
 *
 * A fourth argument is the port, 8883 unless given; `deno run --cert ca.pem` trusts an authority of your own.
 */
import { CredentialStore, MqttClient, tlsTransport } from "@hubwire/hubwire";
import { userNameOf } from "@hubwire/hubwire/hub";

const [host = "", deviceId = "", pfx = "device.pfx", port = "8883"] = Deno.args;
const passphrase = Deno.env.get("HUBWIRE_STORE_PASSPHRASE") ?? "";
const password = Deno.env.get("HUBWIRE_PFX_PASSWORD") ?? "";
await using store = await CredentialStore.open({ passphrase });
if (!await store.find(host, deviceId)) await store.addPfx(host, pfx, password);
const credentials = store.forHost(host);

await using client = new MqttClient({
  transport: tlsTransport({
    hostname: host,
    port: +port,
    credentials: (request) => credentials({ ...request, deviceId }),
  }),
  clientId: () => deviceId,
  username: () => userNameOf({ host, deviceId }),
});
const { promise: disconnected, resolve } = Promise.withResolvers<void>();
client.addEventListener("statechange", ({ oldState, newState, cause }) => {
  console.log(`${oldState} -> ${newState}${cause ? ` (${cause.message})` : ""}`);
  if (newState === "disconnected") resolve();
});
Deno.addSignalListener("SIGINT", () => void client.close());

await client.connect();
await client.subscribe(`devices/${deviceId}/#`, {
  handler: ({ topic, payload }) => console.log(topic, new TextDecoder().decode(payload)),
});
await disconnected;
