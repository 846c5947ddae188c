import { assertEquals } from "@std/assert";

const room = new URL("../../src/credentials/mod.ts", import.meta.url).href;
const config = new URL("../../deno.json", import.meta.url).pathname;

const program = `
  import { CertificateAuthority } from ${JSON.stringify(room)};
  const before = "getMetadata" in Reflect;
  await CertificateAuthority.create();
  console.log(before, "getMetadata" in Reflect);
`;

Deno.test("x509.ts is evaluated when a certificate is issued, not when the room is imported", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "--config", config, "-"],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  const input = child.stdin.getWriter();
  await input.write(new TextEncoder().encode(program));
  await input.close();
  const { stdout, stderr } = await output;
  const text = new TextDecoder();
  assertEquals(text.decode(stdout), "false true\n", text.decode(stderr));
});
