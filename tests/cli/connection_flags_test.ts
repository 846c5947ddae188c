import { assertEquals } from "@std/assert";
import {
  BROKER_FLAGS,
  CREDENTIAL_FLAGS,
  DEVICE_FLAGS,
  SERVER_FLAGS,
} from "../../src/cli/connection_flags.ts";
import type { FlagTable } from "../../src/cli/flags.ts";
import { PAYLOAD_FLAGS } from "../../src/cli/payloads.ts";
import { RECEIVE_FLAGS } from "../../src/cli/receiving.ts";
import { TELEMETRY_FLAGS } from "../../src/cli/telemetry_flags.ts";

function spellings(tables: readonly FlagTable[]): string[] {
  return tables.flatMap((table) =>
    Object.entries(table).flatMap(([name, { short, alias }]) =>
      [name, short, alias].filter((each) => each !== undefined)
    )
  );
}

Deno.test("no two flags of a command have the same spelling", () => {
  const [general, topic] = [{ debug: { short: "d", about: "" } }, {
    topic: { short: "t", about: "" },
  }];
  const where = [general, SERVER_FLAGS, CREDENTIAL_FLAGS];
  const commands = {
    pub: [...where, BROKER_FLAGS, PAYLOAD_FLAGS, topic, { qos: { short: "q", about: "" } }],
    sub: [...where, BROKER_FLAGS, RECEIVE_FLAGS, topic, { qos: { short: "q", about: "" } }],
    send: [...where, DEVICE_FLAGS, PAYLOAD_FLAGS, TELEMETRY_FLAGS],
    monitor: [...where, DEVICE_FLAGS, RECEIVE_FLAGS],
  };
  for (const [name, tables] of Object.entries(commands)) {
    const all = spellings(tables);
    assertEquals(all.filter((spelling, i) => all.indexOf(spelling) !== i), [], name);
  }
});
