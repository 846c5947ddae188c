import { assertEquals } from "@std/assert";
import { DebugEvent, MqttClient, StateChangeEvent } from "../../src/client/mod.ts";
import { tellDebug } from "../../src/cli/tell_debug.ts";
import { PeerTransport } from "../_kit/scripted_peer.ts";
import { FakeIo } from "./_fake_io.ts";

Deno.test("tellDebug() notes every change of state, every step and every packet", () => {
  const client = new MqttClient({ transport: new PeerTransport(), clientId: "d1" });
  const io = new FakeIo();
  tellDebug(client, io);
  client.dispatchEvent(new StateChangeEvent({ oldState: "initial", newState: "connected" }));
  client.dispatchEvent(
    new DebugEvent({ step: "received", at: 0, packet: { type: "puback", packetId: 3 } }),
  );
  assertEquals(
    io.stderr,
    "hubwire: initial -> connected\nhubwire: received PUBACK packetId=3\n",
  );
});
