import { assertEquals, assertFalse, assertThrows } from "@std/assert";
import { parseProxy } from "../../src/transport/proxy.ts";

Deno.test("parseProxy() reads kind, place and login", () => {
  assertEquals(parseProxy("socks5://proxy.example"), {
    kind: "socks5",
    hostname: "proxy.example",
    port: 1080,
    address: "proxy.example:1080",
    login: undefined,
  });
  const { kind, address, login } = parseProxy("http://me:a%3Ab%40@[::1]:8080/");
  assertEquals([kind, address, login], ["http", "[::1]:8080", { user: "me", password: "a:b@" }]);
  assertEquals(parseProxy("http://proxy.example:80").port, 80);
  assertEquals(parseProxy("socks5h://127.0.0.1:9").kind, "socks5");
});

Deno.test("parseProxy() refuses what is no proxy, without showing it", () => {
  const refused = [
    "",
    "proxy.example:1080",
    "socks4://geheim@proxy.example",
    "https://me:geheim@proxy.example",
    "http://me:geheim@proxy.example/path",
    "http://me:geheim@proxy.example?x",
    "socks5://:geheim@proxy.example",
    `socks5://me:${"geheim".repeat(50)}@proxy.example`,
    "socks5://me@proxy.example",
    "http://me%3Ayou:geheim@proxy.example",
    "http://me:geheim%@proxy.example",
    "socks5://me:geheim@proxy.example:0",
  ];
  for (const text of refused) {
    const error = assertThrows(() => parseProxy(text), Error);
    assertEquals([TypeError, RangeError].some((kind) => error instanceof kind), true, text);
    assertFalse(error.message.includes("geheim"), text);
  }
});
