import { assertEquals } from "@std/assert";
import { type MqttClientEvents, StateChangeEvent, TypedEventTarget } from "../../src/client/mod.ts";
import { tellStates } from "../../src/cli/tell_states.ts";
import { FakeIo } from "./_fake_io.ts";

Deno.test("tellStates() notes every change of state", () => {
  const [client, io] = [new TypedEventTarget<MqttClientEvents>(), new FakeIo()];
  tellStates(client, io);
  client.dispatchEvent(new StateChangeEvent({ oldState: "initial", newState: "connected" }));
  assertEquals(io.stderr, "hubwire: initial -> connected\n");
});
