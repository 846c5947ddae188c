import { MqttClient } from "../../src/client/mod.ts";
import { encodePacket } from "../../src/codec/mod.ts";
import { ConnectionLostError, HubwireError } from "../../src/errors.ts";
import { type Connection, memoryPair } from "../../src/transport/mod.ts";
import { toHex } from "../_kit/hex.ts";
import { settled, VirtualClock } from "../_kit/virtual_clock.ts";
import type { Case } from "./cases.ts";

/** What came of a case. */
export interface Outcome {
  case: Case;
  /** Whether the client closed. */
  closed: boolean;
  /** What the client sent where it was to send something else; empty if it did not. */
  difference: string;
  /** What it sent beyond that, in hexadecimal. */
  unasked: string;
  /** What made the client close. */
  why: string;
}

/** Whether the client did what the case asks for. */
export function agrees(outcome: Outcome): boolean {
  return outcome.closed === outcome.case.closes && outcome.difference === "";
}

/** What the server publishes in the end, to see whether the client still answers. */
const ALIVE = encodePacket({
  type: "publish",
  topic: "alive check",
  payload: new TextEncoder().encode("payload"),
  qos: 1,
  retain: false,
  dup: false,
  packetId: 65_535,
});
const ALIVE_ANSWER = toHex(encodePacket({ type: "puback", packetId: 65_535 }));

/** Plays a case against a new client, in memory and in no time. */
export async function playCase(played: Case): Promise<Outcome> {
  const [near, far] = memoryPair();
  const server = new RawServer(far);
  const client = new MqttClient({
    clientId: "fuzzish",
    cleanSession: played.cleanSession,
    clock: new VirtualClock(),
    reconnect: false,
    transport: { address: "memory:1883", connect: () => Promise.resolve(near) },
  });
  let why = "";
  client.addEventListener("statechange", ({ cause }) => why ||= cause?.why ?? "");
  const connecting = client.connect().then(() => doCommand(client, played.command));
  const work = connecting.catch(worldFailure);
  await settled();
  const difference = await playSteps(played, server);
  const unasked = server.taken();
  await server.send(ALIVE);
  const closed = server.isClosed || server.taken() !== ALIVE_ANSWER;
  far.close();
  await client.close();
  await work;
  return { case: played, closed, difference, unasked, why };
}

async function playSteps(played: Case, server: RawServer): Promise<string> {
  if (played.takesConnect) server.taken();
  if (played.sendsConnack) {
    await server.send(encodePacket({ type: "connack", sessionPresent: false, returnCode: 0 }));
  }
  for (const { type, bytes } of played.steps) {
    if (type === "send") await server.send(bytes);
    else {
      const got = server.taken(bytes.length);
      if (got !== toHex(bytes)) return `sent ${got || "nothing"} for ${toHex(bytes)}`;
    }
  }
  return "";
}

async function doCommand(client: MqttClient, command: string | undefined): Promise<void> {
  const [verb, qos] = command?.split("-") ?? [];
  if (verb === undefined) return;
  const options = { qos: Number(qos ?? 0) as 0 | 1 | 2 };
  if (verb === "publish") await client.publish("test/publish", "message", options);
  else if (verb === "subscribe") await client.subscribe("test/subscribe", options);
  else if (verb === "unsubscribe") await client.unsubscribe("test/subscribe");
  else throw new TypeError(`Cannot play a case: its client is to do "${command}"`);
}

/** How a connection ends is what the cases are about. */
function worldFailure(error: unknown): void {
  if (!(error instanceof HubwireError)) throw error;
}

/** The other end, byte by byte. */
class RawServer {
  readonly #connection: Connection;
  #taken = "";
  isClosed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    void this.#read();
  }

  /** What has come and was not taken yet, at most so many bytes, in hexadecimal. */
  taken(atMost = Infinity): string {
    const taken = this.#taken.slice(0, atMost * 2);
    this.#taken = this.#taken.slice(taken.length);
    return taken;
  }

  /** Sends, and lets the client do what it makes of that. */
  async send(bytes: Uint8Array): Promise<void> {
    await this.#connection.write(bytes);
    await settled();
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(4096);
    for (;;) {
      const count = await this.#connection.read(buffer).catch(ownEnd);
      if (count === null) break;
      this.#taken += toHex(buffer.subarray(0, count));
    }
    this.isClosed = true;
  }
}

function ownEnd(error: unknown): null {
  if (error instanceof ConnectionLostError) return null;
  throw error;
}
