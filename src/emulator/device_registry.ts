/** How a device proves who it is. */
export type DeviceAuthentication =
  /** By the thumbprint of its certificate, whoever signed it: SHA-1 or SHA-256 in hexadecimal, both of one length. */
  | { type: "selfSigned"; primaryThumbprint: string; secondaryThumbprint?: string }
  /** By a certificate that chains to the CA the hub knows. */
  | { type: "certificateAuthority" };

/** A device as the hub's registry knows it. */
export interface EmulatedDevice {
  /** Its id, case-sensitive, at most 128 characters. */
  deviceId: string;
  /** How it proves who it is. */
  authentication: DeviceAuthentication;
  /** A disabled device is refused. Enabled unless said otherwise. */
  status?: "enabled" | "disabled";
}

// IoT Hub allows + and # in an id as well, but MQTT does not allow them in the topics of such a device.
const deviceIdPattern = /^[A-Za-z0-9\-.%_*?!(),=@$']{1,128}$/;
const thumbprintPattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;

/** Whether a device could have that id and speak MQTT. */
export function isDeviceId(text: string): boolean {
  return deviceIdPattern.test(text);
}

/** The devices a hub knows. */
export class DeviceRegistry {
  readonly #devices = new Map<string, EmulatedDevice>();

  /** @throws {TypeError} If the hub itself would not register it. */
  add(device: EmulatedDevice | string): EmulatedDevice {
    const entry: EmulatedDevice = typeof device === "string"
      ? { deviceId: device, authentication: { type: "certificateAuthority" } }
      : device;
    if (!isDeviceId(entry.deviceId)) {
      throw new TypeError(
        "A device id has 1 to 128 characters: ASCII letters, digits and - . % _ * ? ! ( ) , = @ $ '",
      );
    }
    assertThumbprints(entry.authentication);
    this.#devices.set(entry.deviceId, entry);
    return entry;
  }

  /** Forgets a device, if it was known. */
  remove(deviceId: string): void {
    this.#devices.delete(deviceId);
  }

  /** The device of that id, if it is known. */
  find(deviceId: string): EmulatedDevice | undefined {
    return this.#devices.get(deviceId);
  }
}

function assertThumbprints(authentication: DeviceAuthentication): void {
  if (authentication.type !== "selfSigned") return;
  const { primaryThumbprint: primary, secondaryThumbprint: secondary = primary } = authentication;
  if (!thumbprintPattern.test(primary) || !thumbprintPattern.test(secondary)) {
    throw new TypeError("A thumbprint is 40 (SHA-1) or 64 (SHA-256) hexadecimal digits, no colons");
  }
  if (primary.length !== secondary.length) {
    throw new TypeError("Both thumbprints of a device must be SHA-1, or both SHA-256");
  }
}
