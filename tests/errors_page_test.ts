/** What docs/errors.md says of every error is what the errors and the client do. */

import { assertEquals } from "@std/assert";
import { BackOff } from "../src/client/back_off.ts";
import * as errors from "../src/errors.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const TEXT = { what: "a", why: "b", remedy: "c" };

/** A row of the table: the code, and what tells it from another row of the same code. */
interface Row {
  code: string;
  which: string | undefined;
  className: string;
  retryable: string;
  policy: string;
}

async function readRows(): Promise<Row[]> {
  const page = await Deno.readTextFile(`${ROOT}docs/errors.md`);
  return Array.from(
    page.matchAll(/^\| `([A-Z_]+)`(?:, (\w+))? +\| `(\w+)` +\| (\w+) +\| ([\w ]+?) +\|/gm),
    ([, code = "", which, className = "", retryable = "", policy = ""]) => ({
      code,
      which,
      className,
      retryable,
      policy,
    }),
  );
}

const STATEMENT = { party: "remote", statement: "x" } as const;

/** How an error of each class is made. */
// deno-lint-ignore no-explicit-any -- the code comes from a page
const MAKE: Record<string, (code: any, which: string | undefined) => errors.HubwireError> = {
  ConnectionLostError: (code) => new errors.ConnectionLostError(code, TEXT),
  KeepAliveTimeoutError: () => new errors.KeepAliveTimeoutError(TEXT),
  DeadlineError: () => new errors.DeadlineError("connect", 1, TEXT),
  DuplicateIdentityError: () => new errors.DuplicateIdentityError(TEXT),
  TlsError: (code) => new errors.TlsError(code, TEXT),
  CredentialRefusedError: () => new errors.CredentialRefusedError(TEXT),
  ConnectRefusedError: (_, which) => new errors.ConnectRefusedError(Number(which ?? 5), TEXT),
  ProtocolError: (code) => new errors.ProtocolError(code, TEXT, STATEMENT),
  MalformedPacketError: (code) =>
    new errors.MalformedPacketError(code, TEXT, { statement: "x", offset: 0 }),
  WebSocketRefusedError: (_, which) =>
    new errors.WebSocketRefusedError(which === "unknown" ? undefined : Number(which ?? 403), TEXT),
  ProxyError: (code) => new errors.ProxyError(code, TEXT),
  CredentialError: (code) => new errors.CredentialError(code, TEXT),
  StoreError: (code) => new errors.StoreError(code, TEXT),
  OutboxFullError: (code) => new errors.OutboxFullError(code, TEXT),
  PermissionError: () => new errors.PermissionError("--allow-x", TEXT),
};

/** What a client makes of an error that it meets again and again. */
function policyOf(error: errors.HubwireError): string {
  const backOff = new BackOff();
  for (let times = 1; times <= 1000; times++) {
    if (typeof backOff.failed(error, 0) !== "number") {
      return times === 1 ? "stops" : times === 5 ? "five times" : `${times} times`;
    }
  }
  return "again";
}

for (const { code, which, className, retryable, policy } of await readRows()) {
  Deno.test(`docs/errors.md says of ${code} ${which ?? ""} what is so`, () => {
    const error = MAKE[className]?.(code, which);
    assertEquals([error?.code, error?.name], [code, className]);
    assertEquals(error?.retryable ? "yes" : "no", retryable);
    assertEquals(error && policyOf(error), policy);
  });
}

Deno.test("docs/errors.md has every code", async () => {
  const source = await Deno.readTextFile(`${ROOT}src/errors.ts`);
  const types = source.slice(0, source.indexOf("export abstract class"));
  const codes = types.matchAll(/^ +\| "([A-Z_]+)"|(?<== .*)"([A-Z_]+)"/gm);
  const known = new Set(Array.from(codes, ([, one, other]) => one ?? other));
  const told = new Set((await readRows()).map(({ code }) => code));
  assertEquals([...told].sort(), [...known].sort());
});
