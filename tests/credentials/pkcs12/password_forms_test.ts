import { assertEquals } from "@std/assert";
import { passwordForms, wipe } from "../../../src/credentials/pkcs12/password_forms.ts";

Deno.test("passwordForms() encodes as UTF-8 and as terminated big-endian UTF-16", () => {
  const forms = passwordForms("ä🔑");
  assertEquals(forms.map(({ utf8, bmp }) => [utf8.toHex(), bmp.toHex()]), [
    ["c3a4f09f9491", "00e4d83ddd110000"],
  ]);
});

Deno.test("passwordForms() does not normalise: what was typed is what is tried", () => {
  const [composed, decomposed] = ["\u00e4", "a\u0308"].map((text) =>
    passwordForms(text)[0].bmp.toHex()
  );
  assertEquals([composed, decomposed], ["00e40000", "006103080000"]);
});

Deno.test("passwordForms() has two forms for no password", () => {
  assertEquals(passwordForms("").map(({ bmp }) => bmp.length), [2, 0]);
});

Deno.test("wipe() leaves zeros", () => {
  const forms = passwordForms("secret");
  wipe(forms);
  for (const { utf8, bmp } of forms) {
    assertEquals([...utf8, ...bmp].some((byte) => byte !== 0), false);
  }
});
