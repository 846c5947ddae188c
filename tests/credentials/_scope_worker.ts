/**
 * Tries everything that a store offers to get at the credential of another host, in a worker that holds permission
 * for one hub only. Answers with what came of each call: "refused" with the flag, or what was had.
 */
import { CredentialStore } from "../../src/credentials/credential_store.ts";
import { Identity } from "../../src/credentials/identity.ts";
import { PermissionError } from "../../src/errors.ts";
import { quick } from "./_store_kit.ts";

/** What the worker is told. */
export interface ScopeRequest {
  path: string;
  own: string;
  foreign: string;
  deviceId: string;
}

/** A call and what came of it. */
export type ScopeAnswer = Record<string, string>;

/** Each has its own, which it may have, and one that is foreign. */
function attempts(store: CredentialStore, request: ScopeRequest) {
  const { own, foreign, deviceId } = request;
  const provide = (scope: string, host: string, port = 8883) =>
    store.forHost(scope)({ host, port });
  return {
    "find() of its own": () => store.find(own, deviceId),
    "find()": () => store.find(foreign, deviceId),
    "find() in capitals": () => store.find(`${foreign.toUpperCase()}.`, deviceId),
    "find() at another port": () => store.find(foreign, deviceId, { port: 443 }),
    "find() at a port of no hub": () => store.find(foreign, deviceId, { port: 1 }),
    "findByHost() of its own": () => store.findByHost(own),
    "findByHost()": () => store.findByHost(foreign),
    "findByHost() at another port": () => store.findByHost(foreign, { port: 443 }),
    "forHost() of its own": () => provide(own, own),
    "forHost() of its own at another port": () => provide(own, own, 443),
    "forHost()": () => provide(foreign, foreign),
    "forHost() at another port": () => provide(foreign, foreign, 443),
    "forHost() of its own, asked for the other": () => provide(own, foreign),
    "forHost() of the other, asked for its own": () => provide(foreign, own),
  };
}

function identitiesIn(answered: unknown): Identity[] {
  if (answered instanceof Identity) return [answered];
  if (Array.isArray(answered)) return answered.flatMap(identitiesIn);
  const { identity } = answered as { identity?: Identity };
  return identity ? [identity] : [];
}

async function outcomeOf(call: () => Promise<unknown>): Promise<string> {
  try {
    const answered = await call();
    return identitiesIn(answered).length > 0 ? "had" : `answered ${Deno.inspect(answered)}`;
  } catch (error) {
    if (error instanceof PermissionError) return `refused: ${error.flag}`;
    return error instanceof Error && "code" in error
      ? `refused: ${error.code}`
      : `failed: ${error}`;
  }
}

async function answer(request: ScopeRequest): Promise<ScopeAnswer> {
  await using store = await CredentialStore.open(quick(request.path, { create: false }));
  const outcomes: ScopeAnswer = {};
  for (const [name, call] of Object.entries(attempts(store, request))) {
    outcomes[name] = await outcomeOf(call);
  }
  return outcomes;
}

const scope = self as unknown as {
  onmessage: (event: MessageEvent<ScopeRequest>) => void;
  postMessage(message: unknown): void;
};
scope.onmessage = ({ data }) =>
  void answer(data).then(
    scope.postMessage.bind(scope),
    (error) => scope.postMessage(String(error)),
  );
