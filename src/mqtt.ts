/**
 * An MQTT 3.1.1 client, and the transports that it works over.
 *
 * @example Publish to a broker on this machine
 * ```ts ignore
 * import { MqttClient, tcpTransport } from "@hubwire/hubwire/mqtt";
 *
 * await using client = new MqttClient({
 *   transport: tcpTransport({ hostname: "127.0.0.1" }),
 *   clientId: "thermometer",
 * });
 * await client.connect();
 * await client.publish("temperature", "21.5", { qos: 1 });
 * ```
 *
 * @module
 */

export type { Subscription, Will } from "./codec/mod.ts";
export * from "./client/mod.ts";
export {
  type KeptMessage,
  KvOutbox,
  kvOutbox,
  type KvOutboxOptions,
  MemoryOutbox,
  memoryOutbox,
  type MessageToKeep,
  type OutboxLimits,
} from "./outbox/mod.ts";
export * from "./transport/mod.ts";
