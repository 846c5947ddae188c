import { assert, assertEquals } from "@std/assert";
import { acceptTelemetry } from "../../src/emulator/telemetry.ts";

const from = { deviceId: "d", now: new Date("2026-01-02T03:04:05Z") };
const publish = {
  topic: "devices/d/messages/events/",
  payload: new Uint8Array([1, 2]),
  qos: 0,
  retain: false,
  isWill: false,
};

function failure(changes: Partial<typeof publish>): string | undefined {
  const outcome = acceptTelemetry({ ...publish, ...changes }, from);
  return "error" in outcome ? outcome.error : undefined;
}

Deno.test("acceptTelemetry() tells body, properties, sender, QoS and time", () => {
  const topic = `${publish.topic}a=b&%24.mid=m`;
  assertEquals(acceptTelemetry({ ...publish, topic, qos: 1 }, from), {
    deviceId: "d",
    payload: new Uint8Array([1, 2]),
    properties: { a: "b" },
    systemProperties: { "$.mid": "m" },
    qos: 1,
    enqueuedAt: from.now,
  });
});

Deno.test("acceptTelemetry() turns RETAIN and a will into properties", () => {
  const outcome = acceptTelemetry({ ...publish, retain: true, isWill: true }, from);
  assert("properties" in outcome);
  assertEquals(outcome.properties, { "mqtt-retain": "true", "iothub-MessageType": "Will" });
});

Deno.test("acceptTelemetry() copies the body", () => {
  const payload = new Uint8Array([1]);
  const outcome = acceptTelemetry({ ...publish, payload }, from);
  payload[0] = 2;
  assert("payload" in outcome);
  assertEquals(outcome.payload, new Uint8Array([1]));
});

Deno.test("acceptTelemetry() refuses QoS 2, foreign topics and malformed bags", () => {
  assertEquals(failure({ qos: 2 }), "InvalidOperation");
  assertEquals(failure({ topic: "devices/e/messages/events/" }), "InvalidOperation");
  assertEquals(failure({ topic: `${publish.topic}a=b/c` }), "IotHubFormatError");
});

Deno.test("acceptTelemetry() counts properties towards the 256 KiB of a message", () => {
  const topic = `${publish.topic}abc=%C3%BC&n`;
  const room = 256 * 1024 - 6;
  assertEquals(failure({ topic, payload: new Uint8Array(room) }), undefined);
  assertEquals(failure({ topic, payload: new Uint8Array(room + 1) }), "MessageTooLarge");
});
