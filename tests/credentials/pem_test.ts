import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { SEED } from "../_kit/seed.ts";
import { encodePem, parsePem } from "../../src/credentials/pem.ts";
import { pem } from "./_fixtures.ts";
import { refusal } from "./_refusals.ts";

const bytes = Uint8Array.of(1, 2, 3);
const block = encodePem("CERTIFICATE", bytes);

Deno.test("parsePem() finds every block in order", () => {
  const blocks = parsePem(pem("rsa_pkcs1"));
  assertEquals(blocks.map(({ label }) => label), ["RSA PRIVATE KEY", "CERTIFICATE"]);
});

Deno.test("parsePem() reads what encodePem() wrote", () => {
  const property = fc.property(fc.uint8Array({ minLength: 1 }), (der) => {
    assertEquals(parsePem(encodePem("X", der)).map((found) => found.der), [der]);
  });
  fc.assert(property, { seed: SEED });
});

Deno.test("encodePem() breaks lines at 64 characters", () => {
  const lines = encodePem("X", new Uint8Array(100)).trimEnd().split("\n");
  assertEquals(lines.slice(1, -1).map(({ length }) => length), [64, 64, 8]);
});

for (
  const [name, text] of Object.entries({
    "text around it": `Bag Attributes\n    localKeyID: 01\n${block}subject=CN=a\n`,
    "Windows line ends": block.replaceAll("\n", "\r\n"),
    "a byte order mark": `\uFEFF${block}`,
    "indentation and blanks": block.replaceAll("\n", "  \n   "),
    "no line break at its end": block.trimEnd(),
    "an empty line": block.replace("AQID", "AQ\n\nID"),
  })
) {
  Deno.test(`parsePem() accepts a block with ${name}`, () => {
    assertEquals(parsePem(text).map(({ der }) => der), [bytes]);
  });
}

Deno.test("parsePem() reads the headers of an encrypted key", () => {
  const [key] = parsePem(pem("key_dek_info"));
  assertEquals(key?.headers.get("Proc-Type"), "4,ENCRYPTED");
  assertMatch(key?.headers.get("DEK-Info") ?? "", /^AES-256-CBC,[0-9A-F]{32}$/);
});

for (
  const [name, text, why] of [
    [
      "a block without END",
      block.replace(/-----END.*/, ""),
      "line 1: BEGIN CERTIFICATE has no END",
    ],
    [
      "an END of another kind",
      block.replace("END C", "END X"),
      "line 1: BEGIN CERTIFICATE has no END",
    ],
    [
      "an END alone",
      `text\n${block.slice(block.indexOf("-----END"))}`,
      "line 2: a BEGIN line was expected",
    ],
    ["a BEGIN in lower case", block.replace("BEGIN", "begin"), "line 1: a BEGIN line was expected"],
    ["a foreign character", block.replace("AQID", "AQ*D"), "line 2: not Base64"],
    ["a block inside a block", block.replace("AQID", block.trim()), "line 2: not Base64"],
    ["Base64 that is cut off", block.replace("AQID", "AQI"), "line 2: the Base64 is cut off"],
    ["padding in the middle", block.replace("AQID", "AQ==\nAQID"), "line 2: the Base64 is cut off"],
    ["bits that belong to no byte", block.replace("AQID", "AR=="), "line 2: the Base64 is cut off"],
    ["nothing in it", block.replace("AQID", ""), "line 2: nothing between BEGIN and END"],
  ] as const
) {
  Deno.test(`parsePem() refuses ${name}, with the line`, async () => {
    assertEquals((await refusal("CREDENTIAL_DAMAGED", () => parsePem(text))).why, why);
  });
}

for (const text of ["", "no block here", "\u0000\u0001", "MIIB", "--- BEGIN"]) {
  Deno.test(`parsePem() refuses ${JSON.stringify(text)}, which is not PEM`, async () => {
    await refusal("CREDENTIAL_FORMAT", () => parsePem(text));
  });
}

Deno.test("parsePem() refuses a text of more than 1 MiB", async () => {
  await refusal("CREDENTIAL_LIMIT", () => parsePem(block + " ".repeat(1024 * 1024)));
});
