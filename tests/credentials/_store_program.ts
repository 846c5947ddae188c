/**
 * A program that uses a store from a process of its own, with whatever permissions it is given.
 *
 *     open PATH                             opens the store
 *     add PATH HOST PREFIX COUNT < PLAIN    adds one credential under COUNT device ids
 *     provide PATH HOST PORT                asks for the credential of a host
 *     hold PATH KIND                        locks the file and waits for the end of standard input
 *
 * It prints the result, or the failure as JSON.
 */
import { CredentialStore } from "../../src/credentials/credential_store.ts";
import { Identity } from "../../src/credentials/identity.ts";
import { HubwireError, PermissionError } from "../../src/errors.ts";
import { quick } from "./_store_kit.ts";

const [command, path = "", ...rest] = Deno.args;

async function perform(): Promise<unknown> {
  if (command === "hold") return await hold();
  await using store = await CredentialStore.open(path === "" ? { passphrase: "x" } : quick(path));
  const [host = "", second = "", count] = rest;
  if (command === "add") return await add(store, { host, prefix: second, count: Number(count) });
  if (command === "provide") {
    const identity = await store.forHost(host)({ host, port: Number(second) });
    return `chain of ${identity.certificateChain.length}`;
  }
  return "opened";
}

async function add(
  store: CredentialStore,
  what: { host: string; prefix: string; count: number },
): Promise<number> {
  const plain = JSON.parse(await new Response(Deno.stdin.readable).text());
  const identity = Identity.from({
    certificateChain: plain.certificateChain.map((text: string) => Uint8Array.fromBase64(text)),
    privateKey: Uint8Array.fromBase64(plain.privateKey),
  });
  for (let i = 0; i < what.count; i++) {
    await store.add(what.host, identity, { deviceId: `${what.prefix}${i}` });
  }
  return what.count;
}

async function hold(): Promise<string> {
  const file = await Deno.open(path, { read: true, write: true });
  await file.lock(rest[0] === "exclusive");
  console.log("holding");
  await new Response(Deno.stdin.readable).text();
  file.close();
  return "released";
}

try {
  console.log(await perform());
} catch (error) {
  if (!(error instanceof HubwireError)) throw error;
  const { code, why, remedy } = error;
  const flag = error instanceof PermissionError ? error.flag : undefined;
  console.log(JSON.stringify({ code, why, remedy, flag }));
}
