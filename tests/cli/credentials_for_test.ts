import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../../src/cli/cli_error.ts";
import { CREDENTIAL_FLAGS } from "../../src/cli/connection_flags.ts";
import { brokerCredential, hubCredential } from "../../src/cli/credentials_for.ts";
import { readFlags } from "../../src/cli/read_flags.ts";
import { CredentialError } from "../../src/errors.ts";
import { deviceIdentity } from "../_kit/certs.ts";
import { FakeIo } from "./_fake_io.ts";
import { PASSPHRASE, Stage } from "./_stage.ts";

interface Wish {
  host?: string;
  deviceId?: string;
  args?: string[];
  now?: Date;
}

/** Chooses from the stage's store and asks for the credential; returns whose it is. */
async function choose(
  stage: Stage,
  choice: typeof hubCredential | typeof brokerCredential,
  { host = "localhost", deviceId, args = [], now = new Date() }: Wish,
): Promise<string | undefined> {
  const variables = {
    HUBWIRE_STORE: await stage.value("STORE"),
    HUBWIRE_STORE_PASSPHRASE: PASSPHRASE,
  };
  const flags = readFlags(args, CREDENTIAL_FLAGS);
  const wanted = { host, port: 8883, deviceId };
  using chosen = await choice(flags, new FakeIo({ variables, now }), { wanted });
  const identity = await chosen?.provider({ host, port: 8883 });
  for (const id of ["dev-1", "dev-2"]) {
    const [leaf] = (await deviceIdentity(id)).certificateChain;
    if (identity?.certificateChain[0]?.toHex() === leaf?.toHex()) return id;
  }
  return undefined;
}

Deno.test("hubCredential() and brokerCredential() take the store's credential for the host", async () => {
  await using stage = await Stage.open();
  for (const choice of [hubCredential, brokerCredential]) {
    assertEquals(await choose(stage, choice, { host: "127.0.0.1" }), "dev-1");
    assertEquals(await choose(stage, choice, { deviceId: "dev-2" }), "dev-2");
    await assertRejects(() => choose(stage, choice, {}), CliError, "dev-1, dev-2");
    const error = await assertRejects(() => choose(stage, choice, { host: "b" }), CredentialError);
    assertEquals(error.code, "CREDENTIAL_NOT_FOUND");
  }
});

Deno.test("hubCredential() wants the device's own, brokerCredential() lets a client id be anything", async () => {
  await using stage = await Stage.open();
  const wish = { host: "127.0.0.1", deviceId: "client-7" };
  assertEquals(await choose(stage, brokerCredential, wish), "dev-1");
  await assertRejects(() => choose(stage, hubCredential, wish), CredentialError, "client-7");
});

Deno.test("a stored certificate is looked at again before every connection", async () => {
  await using stage = await Stage.open();
  const wish = { deviceId: "dev-1", now: new Date("2999-01-01T00:00:00Z") };
  for (const choice of [hubCredential, brokerCredential]) {
    const error = await assertRejects(() => choose(stage, choice, wish), CredentialError);
    assertEquals(error.code, "CREDENTIAL_EXPIRED");
    assertEquals(await choose(stage, choice, { ...wish, args: ["--ignore-expiry"] }), "dev-1");
  }
});
