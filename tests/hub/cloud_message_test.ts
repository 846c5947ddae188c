import { assertEquals, assertThrows } from "@std/assert";
import { CloudMessage } from "../../src/hub/mod.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("CloudMessage tells application properties from those of the system", () => {
  const message = new CloudMessage(
    bytes("{}"),
    "%24.mid=m1&$.cid=c1&%24.ct=text%2Fplain&level=high&flag&none=",
  );
  assertEquals([message.messageId, message.correlationId, message.contentType], [
    "m1",
    "c1",
    "text/plain",
  ]);
  assertEquals(Array.from(message.properties), [["level", "high"], ["flag", null], ["none", ""]]);
  assertEquals(Array.from(message.systemProperties.keys()), ["$.mid", "$.cid", "$.ct"]);
});

Deno.test("CloudMessage has undefined where the sender said nothing", () => {
  const message = new CloudMessage(bytes(""), "$.mid");
  assertEquals([message.messageId, message.correlationId, message.contentType], [
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("CloudMessage.text() and json() read the payload", () => {
  const message = new CloudMessage(bytes('{"on":true}'), "");
  assertEquals([message.text(), message.json()], ['{"on":true}', { on: true }]);
});

Deno.test("CloudMessage.text() and json() refuse what is not that", () => {
  assertThrows(() => new CloudMessage(new Uint8Array([255]), "").text(), TypeError);
  assertThrows(() => new CloudMessage(bytes("{"), "").json(), SyntaxError);
});
