import type { MqttClientEvents, TypedEventTarget } from "../client/mod.ts";
import type { Io } from "./io.ts";

/** Notes every change of a connection's state. */
export function tellStates(client: TypedEventTarget<MqttClientEvents>, io: Io): void {
  client.addEventListener("statechange", ({ oldState, newState }) => {
    io.note(`${oldState} -> ${newState}`);
  });
}
