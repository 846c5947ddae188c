/** Where the client deliberately does something else than mosquitto's, and why. */
export const DEVIATIONS: readonly [name: RegExp, reason: string][] = [
  [
    /^PUBLISH\.json: .* topic with U\+(0001|001F|007F|009F)$/,
    "A topic with control characters is legal: a receiver *may* close at it (section 1.5.3). Closing would " +
    "lose every message behind it, so it is delivered; where it is shown, it is escaped",
  ],
  [
    /^PUBLISH\.json: .* 30 \[MQTT-3\.1\.0-1\]$/,
    "Nothing in it is forbidden: CONNACK comes before the message. It counts as closed there because the server " +
    "has not read CONNECT, and takes it for a wrong answer to its last message",
  ],
];

/** Why this case may come out otherwise, if it may. */
export function reasonFor(name: string): string | undefined {
  return DEVIATIONS.find(([pattern]) => pattern.test(name))?.[1];
}
