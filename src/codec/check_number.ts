/** Returns a QoS that is one. */
export function checkQos(qos: number): number {
  if (qos === 0 || qos === 1 || qos === 2) return qos;
  throw new RangeError(`Cannot encode QoS ${qos}: it must be 0, 1 or 2 [MQTT-3.3.1-4]`);
}

/** WASM takes 32-bit integers and would silently make one of anything else. */
export function checkInteger(value: number, what: string): number {
  if ((value | 0) === value) return value;
  throw new RangeError(`Cannot encode ${what}: ${value} is not a whole number in range`);
}
