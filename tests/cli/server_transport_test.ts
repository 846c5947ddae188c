import { assertEquals } from "@std/assert";
import { connectToBroker } from "../../src/cli/broker_client.ts";
import { BROKER_FLAGS, CREDENTIAL_FLAGS, SERVER_FLAGS } from "../../src/cli/connection_flags.ts";
import { monitor } from "../../src/cli/commands/monitor.ts";
import { pub } from "../../src/cli/commands/pub.ts";
import { send } from "../../src/cli/commands/send.ts";
import { sub } from "../../src/cli/commands/sub.ts";
import { readFlags } from "../../src/cli/read_flags.ts";
import type { Server } from "../../src/cli/server.ts";
import { serverTransport } from "../../src/cli/server_transport.ts";
import { startProxy } from "../_kit/proxies.ts";
import { FakeIo } from "./_fake_io.ts";
import { Stage } from "./_stage.ts";

const server: Server = {
  host: "[::1]",
  port: 8883,
  caCerts: [],
  deadlineMs: 1,
  noDelay: false,
  proxy: undefined,
};

Deno.test("serverTransport() goes to the server that was named, in whatever form", () => {
  for (const isPlain of [false, true]) {
    assertEquals(serverTransport(server, { isPlain }).address, "[::1]:8883");
    assertEquals(serverTransport({ ...server, host: "h" }, { isPlain }).address, "h:8883");
  }
});

const table = { ...SERVER_FLAGS, ...CREDENTIAL_FLAGS, ...BROKER_FLAGS, debug: { about: "" } };

Deno.test("connectToBroker() goes through a proxy, with TLS and without", async () => {
  await using stage = await Stage.open();
  const login = { user: "me", password: "geheim" };
  await using proxy = startProxy({ kind: "http", login });
  const url = `http://me:geheim@127.0.0.1:${proxy.port}`;
  const places = [
    ["-p", await stage.value("BROKER"), "--no-tls"],
    [
      ...["-p", await stage.value("TLS_BROKER"), "--cafile", await stage.value("CA")],
      ...["--cert", await stage.value("CERT_DEV1"), "--key", await stage.value("KEY_DEV1")],
    ],
  ];
  for (const place of places) {
    const flags = readFlags(["-h", "127.0.0.1", ...place, "--proxy", url, "--no-delay"], table);
    await using client = await connectToBroker(flags, new FakeIo());
    assertEquals(client.state, "connected");
  }
  assertEquals(proxy.requests.length, 2);
});

Deno.test("send goes through a proxy; what it says of one that refuses shows no password", async () => {
  await using stage = await Stage.open();
  const place = ["-h", "localhost", "-p", await stage.value("HUB"), "-m", "x"];
  const identity = [
    ...["--cafile", await stage.value("CA"), "--cert", await stage.value("CERT_DEV1")],
    ...["--key", await stage.value("KEY_DEV1")],
  ];
  await using proxy = startProxy({ kind: "socks5", login: { user: "me", password: "geheim" } });
  for (const [password, code] of [["geheim", 0], ["hush", 5]] as const) {
    const io = new FakeIo();
    const url = `socks5://me:${password}@127.0.0.1:${proxy.port}`;
    assertEquals(await send.run([...place, ...identity, "--proxy", url], io), code);
    assertEquals(/geheim|hush/.test(io.stdout + io.stderr), false);
  }
});

Deno.test("every command that connects tells of --proxy and --no-delay in its help", async () => {
  for (const command of [pub, sub, send, monitor]) {
    const io = new FakeIo();
    assertEquals(await command.run(["--help"], io), 0);
    const help = io.stdout;
    for (const flag of ["--proxy URL", "--no-delay"]) assertEquals(help.includes(flag), true);
  }
});
