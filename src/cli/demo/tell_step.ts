import { dayOf } from "../dates.ts";
import type { DemoStep } from "./demo_step.ts";

/** A step in plain words: what was done, and what is worth seeing of it. */
export function tellStep(step: DemoStep): { done: string; details: string[] } {
  switch (step.step) {
    case "hub":
      return {
        done: `A hub listens on ${step.host}:${step.port}`,
        details: ["it wants MQTT 3.1.1 over TLS, and a certificate from every device"],
      };
    case "certificate":
      return {
        done: `An authority issued a certificate to the device ${step.deviceId}`,
        details: [
          `${step.keyType}, valid until ${
            dayOf(new Date(step.notAfter))
          }, signed by ${step.issuer}`,
          `SHA-256 ${step.thumbprintSha256.slice(0, 32)}…`,
        ],
      };
    case "pfx":
      return {
        done: `Certificate and key are in ${step.file}, behind a password`,
        details: [`${step.bytes} bytes of PKCS#12, as openssl and Windows read it`],
      };
    case "store":
      return {
        done: `The PFX went into a sealed store, under ${step.host}`,
        details: ["AES-256 under a passphrase: no byte of the key is on the disk in clear"],
      };
    case "connect":
      return {
        done: "The device is connected, with the certificate from the store",
        details: [`client id  ${step.clientId}`, `user name  ${step.username}`],
      };
    case "telemetry":
      return {
        done: `It sent ${step.sent.length} messages, and the hub acknowledged ${step.acknowledged}`,
        details: [step.sent.join("  ")],
      };
    case "cloud":
      return {
        done: `The cloud answered each, and ${step.received.length} answers arrived`,
        details: [step.received.join(", ")],
      };
    case "clean-up":
      return { done: "All is closed, and the files are gone", details: [] };
  }
}
