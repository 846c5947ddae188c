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
    noDelay: false,
    proxy: undefined,
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

Deno.test("readServer() takes the proxy that it is told, and none from the environment", async () => {
  const url = "http://me:geheim@proxy.example:8080";
  const { proxy, noDelay } = await read("-h", "a", "--proxy", url, "--no-delay");
  assertEquals([proxy, noDelay], [url, true]);
  Deno.env.set("HTTPS_PROXY", url);
  try {
    assertEquals((await read("-h", "a")).proxy, undefined);
  } finally {
    Deno.env.delete("HTTPS_PROXY");
  }
});

Deno.test("readServer() refuses what is no proxy, and shows no password", async () => {
  for (
    const url of ["geheim", "https://me:geheim@h", "socks5://:geheim@h", "http://me:geheim@h/x"]
  ) {
    const error = await assertRejects(() => read("-h", "a", "--proxy", url), CliError);
    assertEquals([error.code, error.what], ["USAGE", "Cannot use --proxy"]);
    assertEquals(Deno.inspect(error).includes("geheim"), false);
  }
});
