import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { WorkBudget } from "../../../src/credentials/pkcs12/budget.ts";
import { derivePkcs12, Purpose } from "../../../src/credentials/pkcs12/kdf.ts";
import { passwordForms } from "../../../src/credentials/pkcs12/password_forms.ts";
import { fromHex } from "../../_kit/hex.ts";
import { refusal } from "../_refusals.ts";

const [{ bmp }] = passwordForms("smeg");
const salt = fromHex("0a58cf64530d823f");

// openssl kdf -keylen 70 -kdfopt digest:SHA1 -kdfopt hexpass:0073006d006500670000 \
//   -kdfopt hexsalt:0a58cf64530d823f -kdfopt iter:3 -kdfopt id:1 PKCS12KDF
const vectors = [
  [
    "sha1",
    1,
    "8906f16c7a1ee9a8be112effbeb4c8ccbe6664286205d4834cd04cfa078fc1c2c69522" +
    "192f8b148a74ef1122da0c9bfc3849abaa1790a272f1de286d0bd67a75ed512b3b31c9",
  ],
  [
    "sha1",
    3,
    "bcdbb9582b4e21cd30f8a9025acfa7dc75e0ea3e236753814c65d49329b2a3e815f879" +
    "006bc259445ed1344f7213fb7168377ace83bae759a3487de44a251f4ac3d7cee3bb66",
  ],
  [
    "sha224",
    1,
    "28f54e1c53d6189dc0bfa8e43ea038dc8cb38907f34c124bacb969265c63736f0596a5" +
    "75f159bf4e56aa2c1b6f7257d859001f87bd26a58628270622a960d45dc207e12132de",
  ],
  [
    "sha224",
    3,
    "c80e2d439846a65a4068ff3e357fc47414fd30469c848096a81f353e5a603df3c52f1d" +
    "46244b6cbc3471338c3cbb56a3744e94d30c871ce00eebcd20f004622bbaf6524d5b2e",
  ],
  [
    "sha256",
    1,
    "469e0a6907c9598d58e9611a2b3dceb1c8ae273415360bf8bf510e1ccecc8674e28f97" +
    "d0dbc836d78502a75f6a8e624ce3732b56ba426aedb32930ea60b0ce0f4360262c3b86",
  ],
  [
    "sha256",
    3,
    "7e9ac472ca5cd7caa9256a171cae16bb0ade4deab4c52e40a8110b138ecbed7e7632c7" +
    "8f98d6ab38f2c787bc3800cd53be66302424e3e901c472d5aee0c7cdbf8e0e8eeee7e8",
  ],
  [
    "sha384",
    1,
    "84948eb3014f6e93997bebd4dc2320ab08dfb1fc70367536162e7483933ffa327bc9bf" +
    "3a8137280e1182338310aea89baf78f14bc19d760efa54461cd12cc4197ffb759fe78d",
  ],
  [
    "sha384",
    3,
    "d3025b801420e3040b7d76061350b5d7f7098a7e21b6d7f67e872f135a135651f34130" +
    "333464bb6f2cb57b9a3f786935fa609b406c179e8b13b483707af1380252eb8073f9e3",
  ],
  [
    "sha512",
    1,
    "d94a6b30a7062f232ee7e09e279faef02271414975ed35e8998ee7249a1c1d79a8cf0a" +
    "5a78653e79b78db1c200037ec4843247300c5acd9360174010035d9cb4c0ca918ebffb",
  ],
  [
    "sha512",
    3,
    "f1208c3d89ea381d3641f9cc8203229e4a116261296c330449d00cb77cfb8492fda3d5" +
    "78a04d2242d43d807b6e17bd527d3360fc7516deb180528161a2a46f4329ac55829003",
  ],
] as const;

for (const [digest, purpose, expected] of vectors) {
  Deno.test(`derivePkcs12() with ${digest} for purpose ${purpose} agrees with OpenSSL`, () => {
    const budget = new WorkBudget();
    const derivation = { digest, salt, iterations: 3 };
    // 70 bytes take more than one block of every hash, so that the carry between blocks is seen.
    const derived = derivePkcs12(bmp, derivation, { purpose, length: 70, budget });
    assertEquals(derived.toHex(), expected);
  });
}

Deno.test("derivePkcs12() takes no password and no salt at all", () => {
  const nothing = new Uint8Array();
  const derivation = { digest: "sha1", salt: nothing, iterations: 1 } as const;
  const request = { purpose: Purpose.key, length: 20, budget: new WorkBudget() };
  const diversifier = new Uint8Array(64).fill(Purpose.key);
  const expected = createHash("sha1").update(diversifier).digest("hex");
  assertEquals(derivePkcs12(nothing, derivation, request).toHex(), expected);
});

Deno.test("derivePkcs12() charges every block of every iteration before it begins", async () => {
  const budget = new WorkBudget();
  const derive = (iterations: number, length: number) => () =>
    derivePkcs12(bmp, { digest: "sha1", salt, iterations }, { purpose: 1, length, budget });
  await refusal("CREDENTIAL_LIMIT", derive(2_500_001, 40));
});
