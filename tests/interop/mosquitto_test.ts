import { assertEquals, assertStringIncludes } from "@std/assert";
import mqtt from "mqtt";
import { MqttClient, tcpTransport, tlsTransport } from "../../src/mqtt.ts";
import { readPfx } from "../../src/credentials/mod.ts";
import { startMosquitto } from "../_kit/mosquitto.ts";
import { makeOpensslCertificates, PFX_PASSWORD } from "../_kit/openssl_certificates.ts";
import { requireTool, run } from "../_kit/processes.ts";
import { tempFolder } from "../_kit/temp.ts";

const MOD = new URL("../../mod.ts", import.meta.url).pathname;

/** Runs the command line as a user would. */
function hubwire(...args: string[]) {
  return (stdin?: string) =>
    run([Deno.execPath(), "run", "-A", MOD, ...args], stdin === undefined ? {} : { stdin });
}

for (const keyType of ["RSA-2048", "P-256"] as const) {
  for (const version of ["tlsv1.2", "tlsv1.3"] as const) {
    Deno.test(`a PFX of openssl with ${keyType} talks through mosquitto with ${version}`, async () => {
      await using folder = await tempFolder();
      const certificates = await makeOpensslCertificates(folder, keyType);
      const { root, server, device } = certificates;
      await using broker = await startMosquitto(folder, {
        cafile: root,
        certfile: server.cert,
        keyfile: server.key,
        version,
      });
      const store = [
        "--store",
        folder.file("store.db"),
        "--store-passphrase-file",
        await folder.write("store-passphrase", "high water"),
      ];
      const pfxPassword = await folder.write("pfx-passphrase", PFX_PASSWORD);
      const added = await hubwire(
        "store",
        "add",
        device.pfx,
        "--host",
        "localhost",
        "--passphrase-file",
        pfxPassword,
        ...store,
      )();
      assertEquals(added.code, 0, added.stderr);

      const there = ["-h", "localhost", "-p", `${broker.port}`];
      const theirs = [
        ...there,
        "--cafile",
        root,
        "--cert",
        await chain(folder, [device.cert, device.intermediate]),
        "--key",
        device.key,
      ];
      const ours = [...there, "--cafile", root, ...store];

      // Ours to theirs: a line of standard input is a message.
      const lines = Array.from({ length: 200 }, (_, index) => `line ${index} ü`);
      const sub = run([
        await requireTool("mosquitto_sub", "mosquitto-clients"),
        ...theirs,
        "-t",
        "to/them",
        "-q",
        "1",
        "-C",
        "200",
        "-W",
        "15",
      ]);
      await broker.waitFor(/to\/them/);
      const published = await hubwire(
        "pub",
        ...ours,
        "-i",
        "device-1",
        "-t",
        "to/them",
        "-q",
        "1",
        "-l",
      )(lines.join("\n") + "\n");
      assertEquals([published.code, published.stderr], [0, ""]);
      assertEquals((await sub).stdout.trimEnd().split("\n"), lines);

      // Theirs to ours.
      const receiving = hubwire(
        "sub",
        ...ours,
        "-i",
        "device-1",
        "-t",
        "to/us",
        "-q",
        "1",
        "-C",
        "2",
        "-W",
        "15",
        "--json",
      )();
      await broker.waitFor(/to\/us/);
      const pub = await run([
        await requireTool("mosquitto_pub", "mosquitto-clients"),
        ...theirs,
        "-t",
        "to/us",
        "-q",
        "1",
        "-l",
      ], { stdin: "one\ntwo\n" });
      assertEquals(pub.code, 0, pub.stderr);
      const received = await receiving;
      assertEquals(received.code, 0, received.stderr);
      const messages = received.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
      assertEquals(messages.map((message) => [message.topic, message.payload, message.qos]), [[
        "to/us",
        "one",
        1,
      ], ["to/us", "two", 1]]);
      assertStringIncludes(broker.log(), "u'device-1'", "mosquitto read the common name");
    });
  }
}

for (const qos of [0, 1, 2] as const) {
  Deno.test(`MQTT.js and MqttClient exchange messages at QoS ${qos} through mosquitto`, async () => {
    await using folder = await tempFolder();
    await using broker = await startMosquitto(folder);
    const theirs = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
      protocolVersion: 4,
      reconnectPeriod: 0,
    });
    await using ours = new MqttClient({
      transport: tcpTransport({ hostname: "127.0.0.1", port: broker.port }),
      clientId: "ours",
    });
    await ours.connect();
    const messages = ours.messages();
    await ours.subscribe("to/ours", { qos });
    await theirs.subscribeAsync("to/theirs", { qos });
    const received = new Promise<string>((resolve) =>
      theirs.once("message", (_, payload) => resolve(payload.toString()))
    );
    await ours.publish("to/theirs", "grüße", { qos });
    assertEquals(await received, "grüße");
    await theirs.publishAsync("to/ours", "hello", { qos });
    const { value: message } = await messages.next();
    assertEquals([new TextDecoder().decode(message.payload), message.qos], ["hello", qos]);
    await messages.return?.();
    await theirs.endAsync();
  });
}

Deno.test("10 000 messages at QoS 1 pass through mosquitto over mutual TLS, in order", async () => {
  await using folder = await tempFolder();
  const { root, server, device } = await makeOpensslCertificates(folder, "P-256");
  await using broker = await startMosquitto(folder, {
    cafile: root,
    certfile: server.cert,
    keyfile: server.key,
  });
  const { identities: [identity] } = await readPfx(await Deno.readFile(device.pfx), PFX_PASSWORD);
  if (!identity) throw new Error("The PFX has no identity");
  const transport = tlsTransport({
    hostname: "localhost",
    port: broker.port,
    caCerts: [await Deno.readTextFile(root)],
    credentials: identity,
  });
  await using receiver = new MqttClient({ transport, clientId: "receiver" });
  await using sender = new MqttClient({ transport, clientId: "sender", maximumInFlight: 100 });
  await Promise.all([receiver.connect(), sender.connect()]);
  const got: number[] = [];
  const all = Promise.withResolvers<void>();
  await receiver.subscribe("count", {
    qos: 1,
    handler: (message) => {
      if (got.push(Number(new TextDecoder().decode(message.payload))) === 10_000) all.resolve();
    },
  });
  await Promise.all(
    Array.from({ length: 10_000 }, (_, index) => sender.publish("count", `${index}`, { qos: 1 })),
  );
  await all.promise;
  assertEquals(got, Array.from({ length: 10_000 }, (_, index) => index));
});

async function chain(
  folder: { write(name: string, text: string): Promise<string> },
  paths: string[],
): Promise<string> {
  const texts = await Promise.all(paths.map((path) => Deno.readTextFile(path)));
  return await folder.write("chain.crt", texts.join(""));
}
