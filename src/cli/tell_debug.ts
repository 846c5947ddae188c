import type { MqttClient } from "../client/mod.ts";
import type { DeviceClientListeners } from "../hub/mod.ts";
import type { Io } from "./io.ts";

/** Who notes every change of a connection's state, every step of connecting and every packet. */
export function debugListeners(
  io: Io,
): Required<Pick<DeviceClientListeners, "statechange" | "debug">> {
  return {
    statechange: ({ oldState, newState }) => io.note(`${oldState} -> ${newState}`),
    debug: ({ text }) => io.note(text),
  };
}

/** Notes all that of a client. */
export function tellDebug(client: Pick<MqttClient, "addEventListener">, io: Io): void {
  const { statechange, debug } = debugListeners(io);
  client.addEventListener("statechange", statechange);
  client.addEventListener("debug", debug);
}
