import { assertEquals, assertThrows } from "@std/assert";
import { HubwireError } from "../../src/errors.ts";
import type { Conversation, Route } from "../../src/transport/proxy_conversation.ts";
import { parseProxy } from "../../src/transport/proxy.ts";
import { askSocks5 } from "../../src/transport/socks5.ts";
import { fromHex } from "../_kit/hex.ts";

function route({ hostname = "hub.example", login = "" } = {}): Route {
  const proxy = parseProxy(`socks5://${login}proxy.example`);
  return { proxy, target: { hostname, port: 8883, address: `${hostname}:8883` } };
}

/** Has a conversation by a script: what it must say, and what it is answered. */
function converse(conversation: Conversation, script: [said: string, answer: string][]): boolean {
  let step = conversation.next();
  for (const [said, answer] of script) {
    if (step.done) throw new Error("It has nothing more to say");
    assertEquals(step.value.send, fromHex(said));
    const bytes = fromHex(answer);
    for (let some = 0; some < bytes.length; some++) {
      assertEquals(step.value.answerLength(bytes.subarray(0, some)), undefined);
    }
    assertEquals(step.value.answerLength(Uint8Array.of(...bytes, 9, 9)), bytes.length);
    step = conversation.next(bytes);
  }
  return step.done === true;
}

/** What comes of an answer, however short. */
function codeOf(answers: string[], options: { login?: string } = {}): string {
  const conversation = askSocks5(route(options));
  conversation.next();
  const error = assertThrows(() => {
    for (const answer of answers) conversation.next(fromHex(answer));
  }, HubwireError);
  return error.code;
}

const NAME = "05 01 00 03 0b 6875622e6578616d706c65 22b3";

Deno.test("askSocks5() asks for a name, which the proxy looks up (RFC 1928, 4)", () => {
  const script: [string, string][] = [["05 01 00", "0500"], [NAME, "05000001 7f000001 1f90"]];
  assertEquals(converse(askSocks5(route()), script), true);
});

Deno.test("askSocks5() logs in when the proxy wants it, and only then (RFC 1929, 2)", () => {
  const login = "me:p%40ss@";
  assertEquals(
    converse(askSocks5(route({ login })), [
      ["05 02 00 02", "0502"],
      ["01 02 6d65 04 70407373", "0100"],
      [NAME, "050000030161 1f90"],
    ]),
    true,
  );
  assertEquals(
    converse(askSocks5(route({ login })), [
      ["05 02 00 02", "0500"],
      [NAME, `05000004${"00".repeat(16)}1f90`],
    ]),
    true,
  );
});

const ADDRESSES: [hostname: string, encoded: string][] = [
  ["192.0.2.7", "01 c0000207"],
  ["::1", "04 00000000000000000000000000000001"],
  ["2001:db8::8:0:0:1", "04 20010db8000000000008000000000001"],
  ["1:2:3:4:5:6:7:8", "04 00010002000300040005000600070008"],
  ["::ffff:192.0.2.7", "04 00000000000000000000ffffc0000207"],
  ["::", "04 00000000000000000000000000000000"],
];

for (const [hostname, encoded] of ADDRESSES) {
  Deno.test(`askSocks5() writes the address ${hostname} in bytes`, () => {
    const script: [string, string][] = [
      ["05 01 00", "0500"],
      [`05 01 00 ${encoded} 22b3`, "05000001000000000000"],
    ];
    assertEquals(converse(askSocks5(route({ hostname })), script), true);
  });
}

const REFUSALS: [reply: string, code: string][] = [
  ["01", "NETWORK_UNREACHABLE"],
  ["02", "PROXY_REFUSED"],
  ["03", "NETWORK_UNREACHABLE"],
  ["04", "NETWORK_UNREACHABLE"],
  ["05", "NETWORK_REFUSED"],
  ["06", "NETWORK_UNREACHABLE"],
  ["07", "PROXY_REFUSED"],
  ["08", "PROXY_REFUSED"],
  ["ff", "PROXY_REFUSED"],
];

for (const [reply, code] of REFUSALS) {
  Deno.test(`askSocks5() takes reply ${reply} for ${code}`, () => {
    assertEquals(codeOf(["0500", `05${reply}0001000000000000`]), code);
  });
}

Deno.test("askSocks5() tells a login that is missing or wrong", () => {
  assertEquals(codeOf(["05ff"]), "PROXY_AUTHENTICATION_FAILED");
  assertEquals(codeOf(["05ff"], { login: "a:b@" }), "PROXY_AUTHENTICATION_FAILED");
  assertEquals(codeOf(["0502", "0101"], { login: "a:b@" }), "PROXY_AUTHENTICATION_FAILED");
});

const GARBAGE: [title: string, answers: string[]][] = [
  ["another version", ["0400"]],
  ["a method that was not offered", ["0502"]],
  ["a login of another version", ["0502", "0500"]],
  ["a reply of another version", ["0500", "04000001000000000000"]],
  ["a reply with a reserved byte", ["0500", "05000101000000000000"]],
  ["an unknown type of address", ["0500", "05000002000000000000"]],
];

for (const [title, answers] of GARBAGE) {
  Deno.test(`askSocks5() takes ${title} for no proxy`, () => {
    const login = answers[0] === "0502" && answers.length > 1 ? "a:b@" : "";
    assertEquals(codeOf(answers, { login }), "PROXY_NOT_SPOKEN");
  });
}
