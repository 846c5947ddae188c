import { assertEquals, assertThrows } from "@std/assert";
import { encodeTelemetry, type TelemetryBody } from "../../src/hub/telemetry.ts";

function textOf(body: TelemetryBody): [text: string, bag: string] {
  const { payload, bag } = encodeTelemetry(body, {});
  return [new TextDecoder().decode(payload), bag];
}

Deno.test("encodeTelemetry() sends objects as JSON and says so", () => {
  const bag = "%24.ct=application%2Fjson&%24.ce=utf-8";
  assertEquals(textOf({ temperature: 21.5, unit: "°C" }), [
    '{"temperature":21.5,"unit":"°C"}',
    bag,
  ]);
  assertEquals(textOf([1, 2]), ["[1,2]", bag]);
});

Deno.test("encodeTelemetry() sends text and bytes as they are", () => {
  assertEquals(textOf("21.5 °C"), ["21.5 °C", ""]);
  assertEquals(encodeTelemetry(new Uint8Array([0, 255]), {}), {
    payload: new Uint8Array([0, 255]),
    bag: "",
  });
});

Deno.test("encodeTelemetry() puts system properties first, then those of the application", () => {
  const { bag } = encodeTelemetry({}, {
    messageId: "m1",
    correlationId: "c1",
    userId: "u1",
    contentType: "application/geo+json",
    contentEncoding: "utf-16",
    createdAt: new Date(0),
    component: "sensor",
    properties: { level: "high", "room no.": "5" },
  });
  assertEquals(
    bag,
    "%24.mid=m1&%24.cid=c1&%24.uid=u1&%24.ct=application%2Fgeo%2Bjson&%24.ce=utf-16" +
      "&%24.ctime=1970-01-01T00%3A00%3A00.000Z&%24.sub=sensor&level=high&room%20no.=5",
  );
});

Deno.test("encodeTelemetry() refuses a body without a JSON form", () => {
  const bodies: unknown[] = [undefined, null, 7, () => {}, { toJSON: () => undefined }];
  bodies.push(
    new ArrayBuffer(1),
    new Float32Array(1),
    new DataView(new ArrayBuffer(1)),
    new Map(),
    new Set(),
  );
  for (const body of bodies) {
    assertThrows(
      () => encodeTelemetry(body as TelemetryBody, {}),
      TypeError,
      "neither a Uint8Array",
    );
  }
});

Deno.test("encodeTelemetry() takes objects of any declared type", () => {
  interface Reading {
    temperature: number;
  }
  class Sample implements Reading {
    temperature = 20;
  }
  const reading: Reading = { temperature: 21 };
  assertEquals([textOf(reading)[0], textOf(new Sample())[0]], [
    '{"temperature":21}',
    '{"temperature":20}',
  ]);
});

Deno.test("encodeTelemetry() refuses ids that the hub does not allow", () => {
  for (const messageId of ["", "a b", "ä", "x".repeat(129)]) {
    assertThrows(() => encodeTelemetry("", { messageId }), TypeError, "message id");
    assertThrows(() => encodeTelemetry("", { correlationId: messageId }), TypeError, "message id");
  }
});

Deno.test("encodeTelemetry() counts body and properties against the limit of 256 KiB (N11)", () => {
  const payload = new Uint8Array(262_144 - 6);
  assertEquals(
    encodeTelemetry(payload, { properties: { abc: "déf".slice(0, 2) } }).bag,
    "abc=d%C3%A9",
  );
  assertThrows(
    () => encodeTelemetry(payload, { properties: { abc: "déf" } }),
    RangeError,
    "262145 bytes",
  );
  assertThrows(() => encodeTelemetry(new Uint8Array(262_145), {}), RangeError, "262145 bytes");
});
