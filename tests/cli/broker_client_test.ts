import { assertEquals, assertRejects } from "@std/assert";
import { connectToBroker } from "../../src/cli/broker_client.ts";
import { CliError } from "../../src/cli/cli_error.ts";
import { BROKER_FLAGS, CREDENTIAL_FLAGS, SERVER_FLAGS } from "../../src/cli/connection_flags.ts";
import { readFlags } from "../../src/cli/read_flags.ts";
import { interrupted } from "../../src/cli/interruption.ts";
import { FakeIo } from "./_fake_io.ts";
import { Stage } from "./_stage.ts";

const table = { ...SERVER_FLAGS, ...CREDENTIAL_FLAGS, ...BROKER_FLAGS, debug: { about: "" } };

const connect = (args: string[], io = new FakeIo()) => connectToBroker(readFlags(args, table), io);

Deno.test("connectToBroker() refuses flags that contradict each other, before it dials", async () => {
  const plain = ["-h", "127.0.0.1", "-p", "1", "--no-tls"];
  for (const other of ["--cert", "--key", "--cafile", "--store"]) {
    await assertRejects(() => connect([...plain, other, "x"]), CliError, "exclude each other");
  }
  await assertRejects(() => connect(["-h", "a", "--no-store", "--store", "x"]), CliError);
  await assertRejects(() => connect([...plain, "--password-file", "x"]), CliError, "--username");
  await assertRejects(() => connect([...plain, "-u", "a\0b"]), CliError, "U+0000");
});

Deno.test("connectToBroker() takes a client id of its own for every client", async () => {
  await using stage = await Stage.open();
  const args = ["-h", "127.0.0.1", "-p", await stage.value("BROKER"), "--no-tls"];
  await using one = await connect(args);
  await using other = await connect(args);
  assertEquals([one.state, other.state], ["connected", "connected"]);
});

Deno.test("connectToBroker() gives up when it is interrupted", async () => {
  await using stage = await Stage.open();
  const io = new FakeIo();
  const args = ["-h", "127.0.0.1", "-p", await stage.value("SILENT"), "--no-tls"];
  const connecting = connect(args, io);
  const reason = interrupted();
  io.interrupt(reason);
  assertEquals(await assertRejects(() => connecting), reason);
});
