import { type Identity, parsePem } from "../credentials/mod.ts";
import { isEncryptedKey, readIdentity } from "../credentials/read_pem.ts";
import { usageError } from "./cli_error.ts";
import type { CREDENTIAL_FLAGS } from "./connection_flags.ts";
import type { Flags } from "./flags.ts";
import type { Io } from "./io.ts";
import { namingFile } from "./naming_file.ts";
import { readInputText } from "./read_input_file.ts";
import { withSecret } from "./secrets.ts";

/** The identity in the files of `--cert` and `--key`; `undefined` if neither was given. */
export async function readPemCredential(
  flags: Flags<keyof typeof CREDENTIAL_FLAGS>,
  io: Io,
): Promise<Identity | undefined> {
  const [cert, key] = [flags.text("cert"), flags.text("key")];
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) throw halfGiven(cert === undefined);
  flags.refuseTogether("cert", "store");
  // Both may be in one file.
  const paths = [...new Set([cert, key])];
  const files = await Promise.all(paths.map(async (path) => {
    const text = await readInputText(path);
    return await namingFile(path, () => parsePem(text));
  }));
  const blocks = files.flat();
  const read = (passphrase?: string) =>
    namingFile(paths.join(" and "), () => readIdentity(blocks, passphrase));
  if (!blocks.some(isEncryptedKey)) return await read();
  const request = {
    what: `passphrase of ${key}`,
    file: flags.text("passphrase-file"),
    fileFlag: "--passphrase-file",
    wrongCode: "CREDENTIAL_WRONG_PASSWORD",
  } as const;
  return await withSecret(request, io, { attempt: read });
}

function halfGiven(hasKeyOnly: boolean): Error {
  const [given, missing] = hasKeyOnly ? ["--key", "--cert"] : ["--cert", "--key"];
  return usageError({
    what: `${missing} is missing`,
    why: `${given} alone is only half of a credential`,
    remedy: `Give ${missing} FILE too; it may be the same file.`,
  });
}
