/**
 * The whole job on one machine: a hub, a certificate, a PFX, a sealed store, telemetry, and answers.
 *
 * @module
 */

import {
  CertificateAuthority,
  CredentialStore,
  type Identity,
  readCertificate,
} from "../../credentials/mod.ts";
import { writePfx } from "../../credentials/write_pfx.ts";
import { HubEmulator } from "../../emulator/mod.ts";
import { clientIdOf, DeviceClient, userNameOf } from "../../hub/mod.ts";
import type { DemoStep } from "./demo_step.ts";

type CertificateStep = Extract<DemoStep, { step: "certificate" }>;

const host = "localhost";
const deviceId = "thermometer";
const readings = [{ temperature: 19.5 }, { temperature: 21.5 }, { temperature: 24.5 }];

/** Plays the demo; each step comes when it is done. Whatever happens, nothing of it stays behind. */
export async function* playDemo(signal: AbortSignal): AsyncGenerator<DemoStep, void> {
  yield* play(signal);
  yield { step: "clean-up" };
}

async function* play(signal: AbortSignal): AsyncGenerator<DemoStep, void> {
  await using cleanUp = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "hubwire_demo_" });
  cleanUp.defer(() => Deno.remove(folder, { recursive: true }));

  const authority = await CertificateAuthority.create({ commonName: "Demo CA" });
  const hub = await HubEmulator.start({ authority, devices: [deviceId] });
  cleanUp.use(hub);
  const { port } = hub;
  yield { step: "hub", host, port };

  const identity = await authority.issueDevice(deviceId);
  yield { step: "certificate", ...describeLeaf(identity) };

  const [pfx, password] = [`${folder}/device.pfx`, crypto.randomUUID()];
  const bytes = await writePfx(identity, password);
  await Deno.writeFile(pfx, bytes, { mode: 0o600 });
  yield { step: "pfx", file: "device.pfx", bytes: bytes.length };

  const passphrase = crypto.randomUUID();
  const store = await CredentialStore.open({ path: `${folder}/store.db`, passphrase });
  cleanUp.use(store);
  await store.addPfx(host, pfx, password);
  yield { step: "store", file: "store.db", host };

  const device = await DeviceClient.connect({
    host,
    port,
    deviceId,
    credentials: store.forHost(host, { port }),
    caCerts: [hub.caCertificate],
    signal,
  });
  cleanUp.use(device);
  const username = userNameOf({ host, deviceId });
  yield { step: "connect", clientId: clientIdOf({ deviceId }), username };

  yield await sendReadings(device, hub);
  yield await receiveAnswers(device, hub);
}

function describeLeaf({ certificateChain: [leaf] }: Identity): Omit<CertificateStep, "step"> {
  if (leaf === undefined) throw new Error("Bug: an issued identity has a certificate");
  const { issuer, keyType, notAfter, thumbprintSha256 } = readCertificate(leaf);
  return { deviceId, issuer, keyType, notAfter: notAfter.toISOString(), thumbprintSha256 };
}

/** The device sends; then the demo looks whether the hub has the same. */
async function sendReadings(device: DeviceClient, hub: HubEmulator): Promise<DemoStep> {
  await Promise.all(readings.map((reading) => device.sendTelemetry(reading, { qos: 1 })));
  const sent = readings.map((reading) => JSON.stringify(reading));
  const arrived: string[] = [];
  for await (const { payload } of hub.telemetry()) {
    if (arrived.push(new TextDecoder().decode(payload)) === sent.length) break;
  }
  if (arrived.join() !== sent.join()) throw new Error(`Bug: the hub has ${arrived}`);
  return {
    step: "telemetry",
    qos: 1,
    sent,
    acknowledged: sent.length,
    atTheHub: arrived.length,
  };
}

/** The cloud answers each reading; it is done when the hub knows that every answer has arrived. */
async function receiveAnswers(device: DeviceClient, hub: HubEmulator): Promise<DemoStep> {
  const messages = device.messages();
  const delivered = readings.map((reading) =>
    hub.sendToDevice(deviceId, answerTo(reading), { until: "completed" })
  );
  const received: string[] = [];
  for await (const message of messages) {
    if (received.push(message.text()) === readings.length) break;
  }
  await Promise.all(delivered);
  return { step: "cloud", received };
}

function answerTo({ temperature }: { temperature: number }): string {
  return temperature > 22 ? "fan on" : "fan off";
}
