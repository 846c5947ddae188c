import { assertEquals, assertFalse, assertThrows } from "@std/assert";
import { HubwireError } from "../../src/errors.ts";
import { askHttpProxy } from "../../src/transport/http_connect.ts";
import { parseProxy } from "../../src/transport/proxy.ts";

function ask(login = "") {
  const proxy = parseProxy(`http://${login}proxy.example:8080`);
  const target = { hostname: "::1", port: 8883, address: "[::1]:8883" };
  const conversation = askHttpProxy({ proxy, target });
  const step = conversation.next();
  if (step.done) throw new Error("It says nothing");
  return { conversation, ...step.value };
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function errorOf(answer: string, login = ""): HubwireError {
  const { conversation } = ask(login);
  return assertThrows(() => conversation.next(bytes(answer)), HubwireError);
}

Deno.test("askHttpProxy() asks for a tunnel", () => {
  assertEquals(
    new TextDecoder().decode(ask().send),
    "CONNECT [::1]:8883 HTTP/1.1\r\nHost: [::1]:8883\r\n\r\n",
  );
});

Deno.test("askHttpProxy() shows its login (RFC 7617, 2: Aladdin)", () => {
  assertEquals(
    new TextDecoder().decode(ask("Aladdin:open%20sesame@").send).split("\r\n")[2],
    "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
  );
});

Deno.test("askHttpProxy() takes the answer up to the empty line, whatever is behind it", () => {
  const { conversation, answerLength } = ask();
  const head = "HTTP/1.0 200 Connection established\r\nVia: x\r\nContent-Length: 5\r\n\r\n";
  for (let some = 0; some < head.length; some++) {
    assertEquals(answerLength(bytes(head.slice(0, some))), undefined, head.slice(0, some));
  }
  assertEquals(answerLength(bytes(`${head} `)), head.length);
  assertEquals(conversation.next(bytes(head)).done, true);
});

const STATUSES: [status: number, code: string][] = [
  [400, "PROXY_REFUSED"],
  [403, "PROXY_REFUSED"],
  [407, "PROXY_AUTHENTICATION_FAILED"],
  [302, "PROXY_REFUSED"],
  [500, "PROXY_REFUSED"],
  [502, "NETWORK_UNREACHABLE"],
  [503, "NETWORK_UNREACHABLE"],
  [504, "NETWORK_UNREACHABLE"],
];

for (const [status, code] of STATUSES) {
  Deno.test(`askHttpProxy() takes status ${status} for ${code}`, () => {
    assertEquals(errorOf(`HTTP/1.1 ${status} No\r\n\r\n`, "me:geheim@").code, code);
  });
}

Deno.test("askHttpProxy() does not say what the proxy says, nor the password", () => {
  const { message, remedy } = errorOf("HTTP/1.1 403 \x1b[31mNo\r\n\r\n", "me:geheim@");
  for (const secret of ["\x1b", "geheim"]) assertFalse((message + remedy).includes(secret));
});

Deno.test("askHttpProxy() takes anything else for no proxy, and does not wait for more of it", () => {
  for (const answer of ["SSH-2.0-x", "\x05\x00", `HTTP/1.1 200 OK\r\n${"a".repeat(17_000)}`]) {
    assertEquals(ask().answerLength(bytes(answer)), answer.length);
    assertEquals(errorOf(answer).code, "PROXY_NOT_SPOKEN");
  }
  assertEquals(errorOf("HTTP/1.1 2000 OK\r\n\r\n").code, "PROXY_NOT_SPOKEN");
});
