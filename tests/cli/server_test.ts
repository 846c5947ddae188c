import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../../src/cli/cli_error.ts";
import { SERVER_FLAGS } from "../../src/cli/connection_flags.ts";
import { readFlags } from "../../src/cli/read_flags.ts";
import { readServer } from "../../src/cli/server.ts";
import { CredentialError } from "../../src/errors.ts";
import { authorityPem, testAuthority } from "../_kit/certs.ts";
import { tempFolder } from "../_kit/temp.ts";

const read = (...args: string[]) =>
  readServer(readFlags(args, SERVER_FLAGS), { defaultPort: 8883 });

Deno.test("readServer() normalises the host and has defaults for the rest", async () => {
  assertEquals(await read("-h", "Hub.Example."), {
    host: "hub.example",
    port: 8883,
    caCerts: [],
    deadlineMs: 10_000,
  });
  const { port, deadlineMs } = await read("-h", "a", "-p", "1", "--connect-timeout", "0.5");
  assertEquals([port, deadlineMs], [1, 500]);
});

Deno.test("readServer() refuses what is no host", async () => {
  for (const host of ["", "https://hub.example", "hub.example/x", "*.example", "a b"]) {
    await assertRejects(() => read("-h", host), CliError, "host", host);
  }
  const error = await assertRejects(() => read("-h", "hub.example:8883"), CliError);
  assertEquals(error.remedy, "Write -h hub.example -p 8883");
});

Deno.test("readServer() reads authorities to trust, and refuses a file without any", async () => {
  await using folder = await tempFolder();
  const pem = authorityPem(await testAuthority());
  const { caCerts } = await read("-h", "a", "--cafile", await folder.write("ca.pem", pem));
  assertEquals(caCerts, [pem]);
  for (const content of ["", "nonsense", pem.replaceAll("CERTIFICATE", "PUBLIC KEY")]) {
    const path = await folder.write("bad.pem", content);
    await assertRejects(() => read("-h", "a", "--cafile", path), CredentialError);
  }
});
