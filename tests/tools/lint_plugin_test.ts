import { assert, assertEquals } from "@std/assert";
import { isUnder } from "../../tools/is_under.ts";
import { POWERS, ROOMS } from "../../tools/lint/rooms.ts";
import plugin from "../../tools/lint_plugin.ts";

/** For each row of the table: a file of that room, what it may import and what it may not. */
const IMPORTS: [room: string, file: string, allowed: string, refused: string][] = [
  ["src/errors.ts", "src/errors.ts", "", "./codec/mod.ts"],
  ["src/codec/", "src/codec/slab.ts", "../errors.ts", "../session/mod.ts"],
  ["src/session/", "src/session/session.ts", "../codec/mod.ts", "../transport/tls.ts"],
  ["src/transport/node_tls.ts", "src/transport/node_tls.ts", "node:tls", "node:fs"],
  [
    "src/transport/node_server_check.ts",
    "src/transport/node_server_check.ts",
    "node:crypto",
    "node:net",
  ],
  [
    "src/transport/node_connection.ts",
    "src/transport/node_connection.ts",
    "node:tls",
    "node:net",
  ],
  ["src/transport/node_stream.ts", "src/transport/node_stream.ts", "node:stream", "node:tls"],
  ["src/transport/", "src/transport/tls.ts", "../errors.ts", "node:tls"],
  ["src/client/", "src/client/client.ts", "../session/mod.ts", "../hub/topics.ts"],
  ["src/outbox/", "src/outbox/kv.ts", "../errors.ts", "../client/mod.ts"],
  ["src/hub/topics.ts", "src/hub/topics.ts", "../errors.ts", "./properties.ts"],
  ["src/hub/properties.ts", "src/hub/properties.ts", "../errors.ts", "../client/mod.ts"],
  ["src/hub/", "src/hub/device_client.ts", "../client/mod.ts", "../credentials/mod.ts"],
  ["src/credentials/x509.ts", "src/credentials/x509.ts", "reflect-metadata", "node:crypto"],
  ["src/credentials/", "src/credentials/pkcs12/mac.ts", "node:crypto", "npm:@peculiar/x509@2"],
  ["src/runtime/", "src/runtime/vault.ts", "../credentials/mod.ts", "../emulator/mod.ts"],
  ["src/emulator/", "src/emulator/hub.ts", "../credentials/x509.ts", "../credentials/store.ts"],
  ["src/emulator/", "src/emulator/broker.ts", "aedes", "mqtt"],
  ["src/emulator/", "src/emulator/topics.ts", "./feed.ts", "../hub/topics.ts"],
  ["src/manager/", "src/manager/page.ts", "../credentials/mod.ts", "../client/mod.ts"],
  ["src/cli/", "src/cli/commands/pub.ts", "@std/cli/parse-args", "@std/assert"],
  ["src/mqtt.ts", "src/mqtt.ts", "./client/mod.ts", "./hub/mod.ts"],
  ["src/", "src/kitchen/sink.ts", "", "../errors.ts"],
  ["mod.ts", "mod.ts", "./src/hub/mod.ts", "./src/cli/main.ts"],
  ["mod.ts", "mod.ts", "./src/errors.ts", "./src/emulator/mod.ts"],
  ["examples/", "examples/send.ts", "@hubwire/hubwire/credentials", "../mod.ts"],
  ["tests/", "tests/codec/oracle_test.ts", "mqtt-packet", "https://example.org/x.ts"],
  ["tools/", "tools/check_mirror.ts", "node:path", "../src/errors.ts"],
  ["wasm/", "wasm/build.ts", "assemblyscript/asc", "../src/codec/mod.ts"],
  ["links/", "links/std_assert/equality.ts", "node:assert", "fast-check"],
];

/** For each row of the other table: a file that may touch the name and one that may not. */
const POWERS_TRIED: [name: string, allowed: string, refused: string][] = [
  ["WebAssembly", "src/codec/wasm.ts", "src/codec/slab.ts"],
  ["Date", "src/client/client.ts", "src/session/session.ts"],
  ["Deno.connectTls", "src/transport/tls.ts", "src/hub/device_client.ts"],
  ["Deno.openKv", "src/outbox/kv.ts", "src/cli/main.ts"],
  ["Deno.serve", "src/manager/page.ts", "src/hub/registry.ts"],
  ["Deno.telemetry", "src/client/telemetry.ts", "src/hub/device_client.ts"],
  ["Worker", "src/runtime/vault.ts", "src/client/client.ts"],
  ["console", "src/cli/io.ts", "src/cli/main.ts"],
  ["fetch", "src/hub/registry.ts", "src/hub/device_client.ts"],
];

for (const [, file, allowed, refused] of IMPORTS) {
  if (allowed !== "") {
    Deno.test(`room-imports lets ${file} import ${allowed}`, () => {
      assertEquals(refusals(file, `export * from "${allowed}";`), []);
    });
  }
  Deno.test(`room-imports refuses ${refused} to ${file}`, () => {
    assertEquals(refusals(file, `export * from "${refused}";`), ["room-imports"]);
  });
}

Deno.test("every row of the import table has a case here", () => {
  assertEquals(ROOMS.map(({ path }) => path), [...new Set(IMPORTS.map(([room]) => room))]);
  for (const [path, file] of IMPORTS) {
    assertEquals(ROOMS.find((room) => isUnder(file, room.path))?.path, path);
  }
});

Deno.test("room-imports sees re-exports, imported types and dynamic imports of a literal", () => {
  for (
    const source of [
      `export { a } from "aedes";`,
      `export * from "aedes";`,
      `import type { A } from "aedes";`,
      `const a: import("aedes").A = b;`,
      `await import("aedes");`,
    ]
  ) assertEquals(refusals("src/client/client.ts", source), ["room-imports"], source);
});

Deno.test("computed-import refuses what hides from the table, but not in the root door", () => {
  assertEquals(refusals("src/cli/main.ts", "await import(name);"), ["computed-import"]);
  assertEquals(refusals("mod.ts", "if (import.meta.main) await import(name);"), []);
});

Deno.test("door lets a door re-export and nothing else", () => {
  const reExports = `export * from "./codec/mod.ts"; export { a } from "./codec/mod.ts";`;
  assertEquals(refusals("src/mqtt.ts", reExports), []);
  assertEquals(refusals("src/mqtt.ts", "export const a = 1;"), ["door"]);
  assertEquals(refusals("src/codec/mod.ts", `import { a } from "./slab.ts";`), ["door"]);
  assertEquals(refusals("src/codec/slab.ts", "export const a = 1;"), []);
});

for (const [name, allowed, refused] of POWERS_TRIED) {
  Deno.test(`room-powers lets ${allowed} touch ${name}, not ${refused}`, () => {
    assertEquals(refusals(allowed, `${name};`), []);
    assertEquals(refusals(refused, `${name};`), ["room-powers"]);
    assertEquals(refusals("tests/any_test.ts", `${name};`), []);
  });
}

Deno.test("every row of the powers table has a case here", () => {
  for (const { names } of POWERS) {
    assert(POWERS_TRIED.some(([name]) => names.includes(name)), `no case for ${names}`);
  }
});

Deno.test("room-powers refuses every impure name in a pure room", () => {
  for (
    const use of ["new Date()", "Deno.env", "Math.random()", "crypto.subtle", "performance.now()"]
  ) assertEquals(refusals("src/hub/topics.ts", `${use};`), ["room-powers"], use);
  assertEquals(refusals("src/session/session.ts", "setTimeout(f, 1);"), ["room-powers"]);
});

Deno.test("room-powers looks through globalThis", () => {
  assertEquals(refusals("src/client/client.ts", "globalThis.fetch(url);"), ["room-powers"]);
});

Deno.test("room-powers leaves alone what only shares the name", () => {
  const source = `const twin = { Date: 1 }; twin.Date; twin.fetch();
    class Clock { performance = 1; crypto() {} }
    interface Row { fetch: string }`;
  assertEquals(refusals("src/session/session.ts", source), []);
});

Deno.test("private-keyword asks for #private, but not of a constructor", () => {
  assertEquals(refusals("src/hub/twin.ts", "class A { private a = 1; }"), ["private-keyword"]);
  assertEquals(refusals("src/hub/twin.ts", "class A { protected a() {} }"), ["private-keyword"]);
  assertEquals(refusals("src/hub/twin.ts", "class A { constructor(private a: B) {} }"), [
    "private-keyword",
  ]);
  assertEquals(refusals("src/hub/twin.ts", "abstract class A { protected abstract a(): B; }"), [
    "private-keyword",
  ]);
  assertEquals(refusals("src/hub/twin.ts", "class A { private constructor() {} #a = 1; }"), []);
});

Deno.test("positional-parameters counts what is exported", () => {
  const file = "src/hub/twin.ts";
  const rule = ["positional-parameters"];
  assertEquals(refusals(file, "export function f(a: A, b: B, c: C) {}"), rule);
  assertEquals(refusals(file, "export class A { f(a: A, b: B, c: C) {} }"), rule);
  assertEquals(refusals(file, "export class A { constructor(a: A, b: B, c: C) {} }"), rule);
  assertEquals(refusals(file, "export function f(a: A, b: B, { c }: C, { d }: D) {}"), rule);
  assertEquals(refusals(file, "export function f(a: A, b: B) {}"), []);
  assertEquals(refusals(file, "function f(a: A, b: B, c: C) {}"), []);
  assertEquals(refusals(file, "export class A { #f(a: A, b: B, c: C) {} }"), []);
  assertEquals(refusals(file, "export class A { private constructor(a: A, b: B, c: C) {} }"), []);
  assertEquals(refusals(file, "export class AError { constructor(a: A, b: B, c: C) {} }"), []);
});

Deno.test("positional-parameters refuses a bare boolean", () => {
  const file = "src/hub/twin.ts";
  const rule = ["positional-parameters"];
  assertEquals(refusals(file, "export function f(a: A, b: boolean) {}"), rule);
  assertEquals(refusals(file, "export function f(a = true) {}"), rule);
  assertEquals(refusals(file, "export class A { f(a?: boolean) {} }"), rule);
  assertEquals(refusals(file, "export class A { set f(a: boolean) {} }"), []);
  assertEquals(refusals(file, "export function f({ b }: { b: boolean }) {}"), []);
});

Deno.test("positional-parameters lets an options object be the third", () => {
  for (
    const third of [
      "{ c }: C",
      "{ c }: C = {}",
      "options?: C",
      "c: SendOptions = {}",
      "c: { d: string }",
    ]
  ) assertEquals(refusals("src/hub/twin.ts", `export function f(a: A, b: B, ${third}) {}`), []);
});

Deno.test('non-null-assertion lets "!" stand in the codec only', () => {
  assertEquals(refusals("src/codec/slab.ts", "a[0]!;"), []);
  assertEquals(refusals("src/session/session.ts", "a[0]!;"), ["non-null-assertion"]);
});

Deno.test("file-name refuses names that say nothing, and other cases than snake_case", () => {
  for (const file of ["src/hub/utils.ts", "tests/helpers/certs.ts", "src/hub/deviceClient.ts"]) {
    assertEquals(refusals(file, ""), ["file-name"], file);
  }
  assertEquals(refusals("src/hub/_device_client.ts", ""), []);
  assertEquals(refusals("tests/x509_test.ts", ""), []);
});

/** The rules that have something to say about a source, each once. */
function refusals(file: string, source: string): string[] {
  const ids = Deno.lint.runPlugin(plugin, file, source).map(({ id }) => id.replace("hubwire/", ""));
  return [...new Set(ids)];
}
