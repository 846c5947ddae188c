/** The longest silence IoT Hub puts up with, whatever the client asked for: 1767 s, one and a half times this. */
const longestKeepAliveSeconds = 1178;

/**
 * The keep-alive interval the hub goes by; it closes a connection after one and a half of it in silence.
 *
 * In MQTT 0 means for ever; the hub does not wait for ever.
 */
export function effectiveKeepAlive(requestedSeconds: number): number {
  if (requestedSeconds === 0) return longestKeepAliveSeconds;
  return Math.min(requestedSeconds, longestKeepAliveSeconds);
}
