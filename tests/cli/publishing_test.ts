import { assertEquals, assertRejects } from "@std/assert";
import { type MqttClientEvents, TypedEventTarget } from "../../src/client/mod.ts";
import { CliError } from "../../src/cli/cli_error.ts";
import { readFlags } from "../../src/cli/read_flags.ts";
import { publishAndClose, type Publishing } from "../../src/cli/publishing.ts";
import { FakeIo } from "./_fake_io.ts";

const table = { json: { about: "" } };

/** Publishes two messages, of which `publish` decides. */
async function publishTwo(
  io: FakeIo,
  { args = [], ...changes }: Partial<Publishing> & { args?: string[] } = {},
): Promise<number> {
  let closed = 0;
  const publishing: Publishing = {
    connection: new TypedEventTarget<MqttClientEvents>(),
    payloads: async function* () {
      yield Uint8Array.of(1);
      yield Uint8Array.of(2);
    },
    qos: 1,
    publish: () => Promise.resolve(),
    close: () => {
      closed++;
      return Promise.resolve();
    },
    ...changes,
  };
  try {
    await publishAndClose(publishing, readFlags(args, table), { io });
  } finally {
    assertEquals(closed, 1);
  }
  return closed;
}

Deno.test("publishAndClose() is silent unless somebody watches or asks", async () => {
  const [script, person, json] = [
    new FakeIo(),
    new FakeIo({ errorIsTerminal: true }),
    new FakeIo({ errorIsTerminal: true }),
  ];
  await publishTwo(script);
  await publishTwo(person);
  await publishTwo(json, { args: ["--json"] });
  assertEquals([script.stdout, script.stderr], ["", ""]);
  assertEquals([person.stdout, person.stderr], ["", "hubwire: 2 messages sent and acknowledged\n"]);
  assertEquals([json.stdout, json.stderr], ['{"sent":2,"acknowledged":2}\n', ""]);
});

Deno.test("publishAndClose() does not claim acknowledgements that QoS 0 does not have", async () => {
  const person = new FakeIo({ errorIsTerminal: true });
  await publishTwo(person, { qos: 0 });
  assertEquals(person.stderr, "hubwire: 2 messages sent; at QoS 0 nobody acknowledges\n");
});

Deno.test("publishAndClose() says what is unacknowledged, and fails", async () => {
  const io = new FakeIo();
  const failing = () => Promise.reject(new Error("gone"));
  await assertRejects(() => publishTwo(io, { publish: failing }), Error, "gone");
  assertEquals(io.stderr.endsWith("unacknowledged\n"), true, io.stderr);
});

Deno.test("publishAndClose() does not claim to have sent what nobody took", async () => {
  const io = new FakeIo();
  const failing = () => Promise.reject(new RangeError("Cannot send 300000 bytes: too many"));
  await assertRejects(() => publishTwo(io, { publish: failing }), CliError);
  assertEquals(io.stderr, "hubwire: no message was sent\n");
});

Deno.test("publishAndClose() blames the user for a message that is too large", async () => {
  const failing = () => Promise.reject(new RangeError("Cannot send 300000 bytes: too many"));
  await assertRejects(() => publishTwo(new FakeIo(), { publish: failing }), CliError, "too many");
});
