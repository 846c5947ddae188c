import { ConnectionLostError } from "../errors.ts";
import { withDeadline } from "./deadline.ts";
import { askHttpProxy } from "./http_connect.ts";
import type { Proxy } from "./proxy.ts";
import type { Conversation, Exchange, Route } from "./proxy_conversation.ts";
import { askSocks5 } from "./socks5.ts";
import type { Connection } from "./transport.ts";

/** How long, and until when. */
export interface PassOptions {
  deadlineMs: number;
  signal: AbortSignal | undefined;
}

const ASK: Record<Proxy["kind"], (route: Route) => Conversation> = {
  socks5: askSocks5,
  http: askHttpProxy,
};

/**
 * Makes an open connection to a proxy one to the server behind it. Closes it on failure.
 *
 * Returns what the server has already sent.
 *
 * @throws {HubwireError} What the proxy did not allow or could not do.
 */
export async function passProxy(
  connection: Connection,
  route: Route,
  { deadlineMs: ms, signal }: PassOptions,
): Promise<Uint8Array> {
  const { address } = route.proxy;
  const abandon = () => connection.close();
  const talking = talk(connection, route);
  return await withDeadline(talking, { phase: "proxy", ms, address, signal, abandon });
}

async function talk(connection: Connection, route: Route): Promise<Uint8Array> {
  const conversation = ASK[route.proxy.kind](route);
  let received: Uint8Array = new Uint8Array();
  let step = conversation.next();
  while (!step.done) {
    await connection.write(step.value.send);
    const answer = await readAnswer(connection, { ...step.value, route, received });
    received = answer.rest;
    step = conversation.next(answer.bytes);
  }
  return received;
}

/** Reads until the answer is whole; what came behind it belongs to what follows. */
async function readAnswer(
  connection: Connection,
  { answerLength, received, route }: Exchange & { route: Route; received: Uint8Array },
): Promise<{ bytes: Uint8Array; rest: Uint8Array }> {
  const buffer = new Uint8Array(1024);
  for (let all = received;;) {
    const length = answerLength(all);
    if (length !== undefined) return { bytes: all.subarray(0, length), rest: all.subarray(length) };
    const count = await connection.read(buffer);
    if (count === null) throw hungUp(route);
    const more = new Uint8Array(all.length + count);
    more.set(all);
    more.set(buffer.subarray(0, count), all.length);
    all = more;
  }
}

function hungUp({ proxy, target }: Route): ConnectionLostError {
  return new ConnectionLostError("CONNECTION_LOST", {
    what: `Cannot connect to ${target.address} through the proxy ${proxy.address}`,
    why: "the proxy closed the connection in the middle of its answer",
    remedy: "Check the proxy's port and kind; some proxies refuse a user by closing.",
  });
}
