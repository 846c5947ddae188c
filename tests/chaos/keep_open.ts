import type { MqttClient } from "../../src/client/mod.ts";
import { HubwireError } from "../../src/errors.ts";
import { pause } from "./pause.ts";

/** How long a client waits before it tries again. */
const PAUSE_MS = 50;

/** A client that is opened again whenever it is lost. */
export interface KeptOpen {
  /** Settles once the client is connected. */
  ready(): Promise<void>;
  /** Opens it no more. */
  stop(): void;
}

/**
 * Opens a client again whenever it is lost, with the session it had. The one place to change when the client does so
 * by itself: then `ready` is its own, and nothing else is left.
 */
export function keepOpen(client: MqttClient, signal: AbortSignal): KeptOpen {
  let isStopped = false;
  let attempt: Promise<void> | undefined;
  const open = async () => {
    while (!isStopped && !signal.aborted && client.state !== "connected") {
      // On its way down it cannot be opened yet.
      if (client.state === "initial" || client.state === "disconnected") await tryOnce();
      else await pause(PAUSE_MS, signal);
    }
  };
  const tryOnce = async () => {
    try {
      await client.connect({ signal });
    } catch (error) {
      if (!(error instanceof HubwireError) && !signal.aborted) throw error;
      await pause(PAUSE_MS, signal);
    }
  };
  const ready = () =>
    attempt ??= open().finally(() => {
      attempt = undefined;
    });
  client.addEventListener("statechange", ({ newState }) => {
    // The listener is told while the client is still busy with its end.
    if (newState === "disconnected" && !isStopped) queueMicrotask(() => void ready());
  });
  return {
    async ready() {
      while (client.state !== "connected" && !isStopped && !signal.aborted) await ready();
    },
    stop: () => void (isStopped = true),
  };
}
