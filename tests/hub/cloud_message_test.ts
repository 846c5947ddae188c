import { assertEquals, assertThrows } from "@std/assert";
import { CloudMessage } from "../../src/hub/mod.ts";

/** A message as it comes from the client. */
function incoming(payload: string | Uint8Array, bag: string): CloudMessage {
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const topic = `devices/d1/messages/devicebound/${bag}`;
  const flags = { qos: 1, dup: true, retain: false } as const;
  return new CloudMessage({ type: "publish", topic, payload: bytes, ...flags, packetId: 1 }, bag);
}

Deno.test("CloudMessage tells application properties from those of the system", () => {
  const message = incoming("{}", "%24.mid=m1&$.cid=c1&%24.ct=text%2Fplain&level=high&flag&none=");
  assertEquals([message.messageId, message.correlationId, message.contentType], [
    "m1",
    "c1",
    "text/plain",
  ]);
  assertEquals(Array.from(message.properties), [["level", "high"], ["flag", null], ["none", ""]]);
  assertEquals(Array.from(message.systemProperties.keys()), ["$.mid", "$.cid", "$.ct"]);
});

Deno.test("CloudMessage has undefined where the sender said nothing", () => {
  const message = incoming("", "$.mid");
  assertEquals([message.messageId, message.correlationId, message.contentType], [
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("CloudMessage.text() and json() read the payload", () => {
  const message = incoming('{"on":true}', "");
  assertEquals([message.text(), message.json()], ['{"on":true}', { on: true }]);
});

Deno.test("CloudMessage.text() and json() refuse what is not that", () => {
  assertThrows(() => incoming(new Uint8Array([255]), "").text(), TypeError);
  assertThrows(() => incoming("{", "").json(), SyntaxError);
});

Deno.test("CloudMessage tells how it came", () => {
  const { topic, qos, dup, retain } = incoming("x", "a=b");
  assertEquals(topic, "devices/d1/messages/devicebound/a=b");
  assertEquals([qos, dup, retain], [1, true, false]);
});
