/** What has just been done in the demo. */
export type DemoStep =
  | { step: "hub"; host: string; port: number }
  | {
    step: "certificate";
    deviceId: string;
    issuer: string;
    keyType: string;
    notAfter: string;
    thumbprintSha256: string;
  }
  | { step: "pfx"; file: string; bytes: number }
  | { step: "store"; file: string; host: string }
  | { step: "connect"; clientId: string; username: string }
  | { step: "telemetry"; qos: 1; sent: string[]; acknowledged: number; atTheHub: number }
  | { step: "cloud"; received: string[] }
  | { step: "clean-up" };

/** How it went in all. */
export interface DemoTally {
  sent: number;
  acknowledged: number;
  received: number;
}

/** Plays the demo; each step comes when it is done. */
export type PlayDemo = (signal: AbortSignal) => AsyncGenerator<DemoStep, void>;
