import { tcpTransport, tlsTransport, type Transport } from "../../src/transport/mod.ts";
import { startBroker } from "../_kit/broker.ts";
import {
  authorityPem,
  deviceIdentity,
  identityPem,
  serverIdentity,
  testAuthority,
} from "../_kit/certs.ts";
import { type MosquittoTls, startMosquitto } from "../_kit/mosquitto.ts";
import { findTool } from "../_kit/processes.ts";
import { type TempFolder, tempFolder } from "../_kit/temp.ts";

/** Which broker to take; `auto` is mosquitto where it is installed. */
export type BrokerKind = "auto" | "mosquitto" | "aedes";

/** A broker, and how to reach it or a proxy before it. */
export interface ChaosBroker extends AsyncDisposable {
  kind: BrokerKind;
  port: number;
  /**
   * Whether it takes up a session again as MQTT demands. Aedes sends a QoS 2 message again after it has sent PUBREL for it,
   * against [MQTT-4.3.3-1], and lets new messages overtake those that waited.
   */
  isOrderly: boolean;
  transport(port: number): Promise<Transport>;
}

/** Every client may have as much waiting as it likes: what the broker throws away, nobody could deliver. */
const NO_LIMITS = ["max_queued_messages 0", "max_inflight_messages 0"];

/** Starts a broker with or without TLS. */
export async function startChaosBroker(
  { kind, isTls }: { kind: BrokerKind; isTls: boolean },
): Promise<ChaosBroker> {
  const hasMosquitto = await findTool("mosquitto") !== undefined;
  const transport = (port: number) => transportTo(port, isTls);
  if (kind === "aedes" || (kind === "auto" && !hasMosquitto)) {
    const broker = await startBroker(isTls ? { tls: {} } : {});
    return {
      kind: "aedes",
      port: broker.port,
      isOrderly: false,
      transport,
      [Symbol.asyncDispose]: broker.close,
    };
  }
  const folder = await tempFolder();
  const tls = isTls ? await writeCertificates(folder) : undefined;
  const broker = await startMosquitto(folder, tls, { isQuiet: true, lines: NO_LIMITS });
  return {
    kind: "mosquitto",
    isOrderly: true,
    port: broker.port,
    transport,
    async [Symbol.asyncDispose]() {
      await broker[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function transportTo(port: number, isTls: boolean): Promise<Transport> {
  if (!isTls) return tcpTransport({ hostname: "127.0.0.1", port, connectDeadlineMs: 2000 });
  return tlsTransport({
    hostname: "localhost",
    port,
    caCerts: [authorityPem(await testAuthority())],
    credentials: await deviceIdentity("chaos"),
    handshakeDeadlineMs: 2000,
  });
}

async function writeCertificates(folder: TempFolder): Promise<MosquittoTls> {
  const { cert, key } = identityPem(await serverIdentity());
  return {
    cafile: await folder.write("ca.pem", authorityPem(await testAuthority())),
    certfile: await folder.write("cert.pem", cert),
    keyfile: await folder.write("key.pem", key),
  };
}
