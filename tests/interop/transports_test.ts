/** The transports that are not the default, against mosquitto, whose TLS is OpenSSL's. */

import { assertEquals, assertRejects } from "@std/assert";
import { encodePem } from "../../src/credentials/pem.ts";
import { CredentialRefusedError } from "../../src/errors.ts";
import { MqttClient, tlsTransport, type Transport, webSocketTransport } from "../../src/mqtt.ts";
import {
  authorityPem,
  deviceIdentity,
  identityPem,
  serverIdentity,
  strangeIdentity,
  testAuthority,
} from "../_kit/certs.ts";
import { freePort, type MosquittoTls, startMosquitto } from "../_kit/mosquitto.ts";
import { startProxy } from "../_kit/proxies.ts";
import { type TempFolder, tempFolder } from "../_kit/temp.ts";

async function tlsFiles(
  folder: TempFolder,
  version: "tlsv1.2" | "tlsv1.3",
): Promise<MosquittoTls> {
  const { cert, key } = identityPem(await serverIdentity());
  return {
    cafile: await folder.write("ca.pem", authorityPem(await testAuthority())),
    certfile: await folder.write("server.pem", cert),
    keyfile: await folder.write("server.key", key),
    version,
  };
}

/** Sends a message of every QoS to itself. */
async function sayAll(transport: Transport): Promise<void> {
  await using client = new MqttClient({ transport, clientId: "itself" });
  await client.connect();
  const messages = client.messages();
  await client.subscribe("to/itself", { qos: 2 });
  for (const qos of [0, 1, 2] as const) {
    const text = `${qos}`.repeat(100_000);
    await client.publish("to/itself", text, { qos });
    const { value: message } = await messages.next();
    assertEquals([message.qos, new TextDecoder().decode(message.payload)], [qos, text]);
  }
  await messages.return?.();
}

Deno.test("MqttClient talks to mosquitto over a WebSocket", async () => {
  await using folder = await tempFolder();
  const port = freePort();
  await using _broker = await startMosquitto(folder, undefined, {
    lines: [`listener ${port} 127.0.0.1`, "protocol websockets"],
  });
  await sayAll(webSocketTransport({ url: `ws://127.0.0.1:${port}/mqtt` }));
});

for (const version of ["tlsv1.2", "tlsv1.3"] as const) {
  Deno.test(`MqttClient talks to mosquitto without delay with ${version}, and through proxies`, async () => {
    await using folder = await tempFolder();
    const files = await tlsFiles(folder, version);
    await using broker = await startMosquitto(folder, files);
    const options = {
      hostname: "localhost",
      port: broker.port,
      credentials: await deviceIdentity("d1"),
      caCerts: [encodePem("CERTIFICATE", (await testAuthority()).certificate)],
    };
    await sayAll(tlsTransport({ ...options, noDelay: true }));
    for (const kind of ["socks5", "http"] as const) {
      await using proxy = startProxy({ kind });
      await sayAll(tlsTransport({ ...options, proxy: `${kind}://127.0.0.1:${proxy.port}` }));
    }
  });

  for (const who of ["nobody", "a stranger"] as const) {
    Deno.test(`MqttClient without delay is told that mosquitto refuses ${who} with ${version}`, async () => {
      await using folder = await tempFolder();
      await using broker = await startMosquitto(folder, await tlsFiles(folder, version));
      const transport = tlsTransport({
        hostname: "localhost",
        port: broker.port,
        caCerts: [authorityPem(await testAuthority())],
        noDelay: true,
        ...(who === "nobody" ? {} : { credentials: await strangeIdentity("d1") }),
      });
      const client = new MqttClient({ transport, clientId: "d1" });
      await assertRejects(() => client.connect(), CredentialRefusedError);
      await client.close();
    });
  }
}
