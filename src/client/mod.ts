/**
 * The MQTT client: drives a session over a transport.
 *
 * @module
 */

export type { ReconnectOptions } from "./back_off.ts";
export type { Clock } from "./clock.ts";
export { type DebugDetails, DebugEvent, type DebugStep } from "./debug_event.ts";
export { type DebugEvents, DebugTarget } from "./debug_target.ts";
export type { CallOptions } from "./deadline.ts";
export type { Message, MessageHandler } from "./message.ts";
export type { ClientMetrics, OutboxDepth } from "./metrics.ts";
export { MqttClient } from "./mqtt_client.ts";
export type {
  Asked,
  ConnectResult,
  MqttClientEvents,
  MqttClientOptions,
  PublishOptions,
  SubscribeOptions,
} from "./mqtt_client_options.ts";
export type { Outbox, OutboxMessage, StoredMessage } from "./outbox.ts";
export type { PacketSummary } from "./packet_summary.ts";
export {
  type ClientState,
  HandlerErrorEvent,
  OutboxErrorEvent,
  StateChangeEvent,
  SubscriptionLostEvent,
} from "./state.ts";
export { TypedEventTarget } from "./typed_event_target.ts";
