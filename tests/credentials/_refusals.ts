import { assert, assertEquals, assertFalse } from "@std/assert";
import { type CredentialCode, CredentialError } from "../../src/errors.ts";

/** Runs what has to be refused with that code, and hands back the error. */
export async function refusal(
  code: CredentialCode,
  run: () => unknown,
): Promise<CredentialError> {
  const error = await Promise.resolve().then(run).then(
    () => new Error(`not refused, and ${code} was expected`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CredentialError)) throw error;
  assertEquals([error.code, error.message], [code, error.message]);
  assert(error.remedy !== "");
  return error;
}

/** Everything that an error can show: its texts, its stack, how it prints, and the same of its causes. */
export function rendered(error: unknown): string {
  const parts = [Deno.inspect(error), String(error), JSON.stringify(error)];
  if (error instanceof Error) {
    parts.push(error.stack ?? "", JSON.stringify(Object.entries(error)));
    if (error.cause !== undefined) parts.push(rendered(error.cause));
  }
  return parts.join("\n");
}

/** Asserts that nothing of a secret is in what an error can show. */
export function assertHides(error: unknown, secret: string): void {
  const text = rendered(error);
  const bytes = new TextEncoder().encode(secret);
  for (const form of [secret, bytes.toHex(), bytes.toBase64()]) {
    assertFalse(text.includes(form), text);
  }
}
