/** What the tests of the credential store share: quick stores, ways to harm one, and other processes. */
import type { StoreSettings } from "../../src/credentials/credential_store.ts";
import { LEAST_COST } from "../../src/credentials/sealing.ts";
import type { StoreRequest } from "../../src/credentials/store_opening.ts";
import { type ProcessResult, run } from "../_kit/processes.ts";

/** The passphrase of every store in these tests. */
export const PASSPHRASE = "correct horse battery staple";

/** How to open a store whose passphrase is cheap to check. */
export function quick(path: string, changes: Partial<StoreSettings> = {}): StoreSettings {
  return { path, passphrase: PASSPHRASE, cost: LEAST_COST, ...changes };
}

/** The same, one floor below. */
export function quickRequest(path: string, changes: Partial<StoreRequest> = {}): StoreRequest {
  const secret = new TextEncoder().encode(PASSPHRASE);
  return { path, secret, create: true, cost: LEAST_COST, deadlineMs: 5000, ...changes };
}

/** Does something to the records of a store that is closed, past everything that seals and checks. */
export async function tamper(path: string, action: (kv: Deno.Kv) => Promise<unknown>) {
  const kv = await Deno.openKv(path);
  try {
    await action(kv);
  } finally {
    kv.close();
  }
}

/** Changes bytes of a file that nobody has open. */
export async function patch(path: string, change: (bytes: Uint8Array) => Uint8Array | void) {
  const bytes = await Deno.readFile(path);
  await Deno.writeFile(path, change(bytes) ?? bytes);
}

/** Runs `_store_program.ts` with these permissions and no others, and no terminal to ask at. */
export async function runStoreProgram(
  args: string[],
  options: { flags?: string[]; env?: Record<string, string>; cwd?: string } = {},
): Promise<ProcessResult> {
  const program = new URL("./_store_program.ts", import.meta.url).href;
  const { flags = [], env = {}, cwd = new URL(".", import.meta.url).pathname } = options;
  const command = [Deno.execPath(), "run", "--no-prompt", "--quiet", ...flags, program, ...args];
  return await run(command, { env, cwd });
}

/** The path of one of the PFX files in `fixtures/store`. */
export function pfxPath(name: string): string {
  return new URL(`./fixtures/store/${name}.pfx`, import.meta.url).pathname;
}
