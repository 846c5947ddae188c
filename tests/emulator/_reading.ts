import type { HubEmulator, HubEvent, TelemetryMessage } from "../../src/emulator/mod.ts";

/** The first event of that type, past or to come. */
export async function firstEvent<T extends HubEvent["type"]>(
  hub: HubEmulator,
  type: T,
): Promise<HubEvent & { type: T }> {
  for await (const event of hub.events()) {
    if (isOfType(event, type)) return event;
  }
  throw new Error(`The hub stopped without an event of type ${type}`);
}

/** Every event so far; the hub has to be stopped. */
export function allEvents(hub: HubEmulator): Promise<HubEvent[]> {
  return Array.fromAsync(hub.events());
}

/** That many messages, from the first one on. */
export async function takeTelemetry(hub: HubEmulator, count: number): Promise<TelemetryMessage[]> {
  const messages: TelemetryMessage[] = [];
  for await (const message of hub.telemetry()) {
    messages.push(message);
    if (messages.length === count) return messages;
  }
  throw new Error(`The hub stopped after ${messages.length} of ${count} messages`);
}

/** A payload as text. */
export function textOf(payload: Uint8Array): string {
  return new TextDecoder().decode(payload);
}

function isOfType<T extends HubEvent["type"]>(
  event: HubEvent,
  type: T,
): event is HubEvent & { type: T } {
  return event.type === type;
}
