/** Where the last packet is: an object that nobody has might never be made. */
export const kept: { packet?: unknown } = {};

/** Hands a packet over to somebody. */
export function keep<P>(packet: P): P {
  kept.packet = packet;
  return packet;
}
