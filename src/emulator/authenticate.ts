import { CredentialError } from "../errors.ts";
import { type CertificateFacts, readCertificate } from "../credentials/certificate.ts";
import { verifyChain } from "../credentials/chain.ts";
import { type DeviceAuthentication, type EmulatedDevice, isDeviceId } from "./device_registry.ts";
import { type HubErrorName, type HubFailure, printable, quote } from "./event_log.ts";
import { parseTelemetryTopic, parseUserName, type UserName } from "./hub_topics.ts";

/** What a device said and showed up to and including CONNECT. */
export interface ConnectRequest {
  /** The protocol level: 4 is MQTT 3.1.1. */
  protocolLevel: number;
  /** The client id. */
  clientId: string;
  /** The user name, if there was one. */
  userName: string | undefined;
  /** The certificates of the TLS handshake, DER, leaf first; none if the device showed none. */
  certificateChain: Uint8Array[];
  /** The will, if there is one. */
  will: { topic: string; qos: number } | undefined;
}

/** What the hub knows. */
export interface HubKnowledge {
  /** The hub's own host name. */
  hostname: string;
  /** The registered CA, DER. */
  authority: Uint8Array;
  /** The registry. */
  findDevice: (deviceId: string) => EmulatedDevice | undefined;
  /** The hub's clock. */
  now: Date;
}

/** The device may come in. */
export interface Acceptance {
  /** Tells it from a refusal. */
  accepted: true;
  /** The user name, taken apart. */
  userName: UserName;
}

/** The device may not come in. */
export interface Refusal extends HubFailure {
  /** Tells it from an acceptance. */
  accepted: false;
  /** The return code for CONNACK (MQTT 3.1.1, section 3.2.2.3). */
  returnCode: 1 | 2 | 4 | 5;
}

/**
 * Decides, as IoT Hub does, at CONNECT and not during the TLS handshake.
 *
 * The order is: protocol, client id, user name, registry, certificate, will. The device learns the return
 * code only; the reason is for the hub's log.
 */
export function authenticate(request: ConnectRequest, hub: HubKnowledge): Acceptance | Refusal {
  const { clientId } = request;
  if (request.protocolLevel !== 4) {
    const why = `protocol level ${request.protocolLevel} is not 4 (MQTT 3.1.1)`;
    return refuse(1, "InvalidProtocolVersion", why);
  }
  if (!isDeviceId(clientId)) {
    return refuse(2, "ArgumentInvalid", `the client id ${quote(clientId)} cannot be a device id`);
  }
  const userName = parseUserName(request.userName ?? "");
  if (userName === undefined) {
    const why = `the user name ${quote(request.userName ?? "")} is not ` +
      "{host}/{deviceId}/?api-version={date}";
    return refuse(4, "IotHubFormatError", why);
  }
  return refusalOfNames(userName, { clientId, hostname: hub.hostname }) ??
    refusalOfDevice(request, hub) ?? refusalOfWill(request) ?? { accepted: true, userName };
}

function refusalOfNames(
  userName: UserName,
  own: { clientId: string; hostname: string },
): Refusal | undefined {
  if (userName.host.toLowerCase() !== own.hostname.toLowerCase()) {
    const why = `the user name is for ${quote(userName.host)}, this hub is ${quote(own.hostname)}`;
    return refuse(4, "IotHubNotFound", why);
  }
  if (userName.deviceId !== own.clientId) {
    const why = `the user name is that of ${quote(userName.deviceId)}, ` +
      `the client id is ${quote(own.clientId)}`;
    return refuse(5, "IotHubUnauthorizedAccess", why);
  }
  return undefined;
}

function refusalOfDevice(request: ConnectRequest, hub: HubKnowledge): Refusal | undefined {
  const device = hub.findDevice(request.clientId);
  if (device === undefined) return refuse(5, "DeviceNotFound", "no such device is registered");
  if (device.status === "disabled") {
    return refuse(5, "IotHubUnauthorized", "the device is disabled");
  }
  try {
    return refusalOfCertificate(device, { chain: request.certificateChain, hub });
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error;
    return refuse(5, "IotHubUnauthorized", printable(error.why));
  }
}

/** @throws {CredentialError} If a certificate cannot be read or the chain does not hold. */
function refusalOfCertificate(
  device: EmulatedDevice,
  { chain, hub }: { chain: Uint8Array[]; hub: HubKnowledge },
): Refusal | undefined {
  const [leaf] = chain;
  if (leaf === undefined) return refuse(5, "IotHubUnauthorized", "no client certificate was shown");
  const certificate = readCertificate(leaf);
  if (certificate.commonName !== device.deviceId) {
    const why = `the certificate is that of ${quote(certificate.commonName ?? "")}, ` +
      `the device is ${quote(device.deviceId)}`;
    return refuse(5, "IotHubUnauthorized", why);
  }
  const refusal = refusalOfDates(certificate, hub.now);
  if (refusal !== undefined) return refusal;
  if (device.authentication.type === "selfSigned") {
    return refusalOfThumbprint(certificate, device.authentication);
  }
  verifyChain(chain, { authorities: [hub.authority], now: hub.now });
  return undefined;
}

function refusalOfDates(
  { notBefore, notAfter }: CertificateFacts,
  now: Date,
): Refusal | undefined {
  if (now > notAfter) {
    return refuse(5, "IotHubUnauthorized", `the certificate expired ${notAfter.toISOString()}`);
  }
  if (now < notBefore) {
    const why = `the certificate is not valid before ${notBefore.toISOString()}`;
    return refuse(5, "IotHubUnauthorized", why);
  }
  return undefined;
}

function refusalOfThumbprint(
  { thumbprintSha1, thumbprintSha256 }: CertificateFacts,
  { primaryThumbprint, secondaryThumbprint }: DeviceAuthentication & { type: "selfSigned" },
): Refusal | undefined {
  const registered = [primaryThumbprint, secondaryThumbprint].map((text) => text?.toLowerCase());
  if (registered.includes(thumbprintSha1) || registered.includes(thumbprintSha256)) {
    return undefined;
  }
  return refuse(5, "IotHubUnauthorized", "the certificate has another thumbprint than the device");
}

// The hub takes a will as telemetry, so it must be addressed as telemetry.
function refusalOfWill({ will, clientId }: ConnectRequest): Refusal | undefined {
  if (will === undefined) return undefined;
  if (will.qos < 2 && parseTelemetryTopic(will.topic, clientId) !== undefined) return undefined;
  const why = `the will for ${quote(will.topic)} at QoS ${will.qos} is no telemetry of the device`;
  return refuse(5, "ArgumentInvalid", why);
}

function refuse(returnCode: Refusal["returnCode"], error: HubErrorName, why: string): Refusal {
  return { accepted: false, returnCode, error, why };
}
