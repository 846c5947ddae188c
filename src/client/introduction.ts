import { type ConnectPacket, encodePacket, PacketDecoder } from "../codec/mod.ts";
import { connackOverdue, refusal, violation } from "../session/mod.ts";
import type { Connection } from "../transport/mod.ts";
import { closedByServer } from "./client_errors.ts";
import type { Clock } from "./clock.ts";

/** A CONNACK has always as many bytes (section 3.2). */
const CONNACK_SIZE = 4;

/** How a connection is introduced. */
export interface IntroductionOptions {
  packet: ConnectPacket;
  /** For messages: `host:port`. */
  address: string;
  clock: Clock;
  connackDeadlineMs: number;
  signal: AbortSignal;
}

/**
 * Sends CONNECT and waits until the server accepts it, apart from any session; closes the connection where it does not.
 * A session that then sends the same CONNECT over what is returned is answered with the CONNACK that has come.
 *
 * @throws {ConnectRefusedError} If the server refuses.
 * @throws {HubwireError} If it does not answer, or not with CONNACK.
 */
export async function introduce(
  connection: Connection,
  options: IntroductionOptions,
): Promise<Connection> {
  const { clock, connackDeadlineMs, signal } = options;
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  const cancel = clock.schedule(
    connackDeadlineMs,
    () => reject(connackOverdue(connackDeadlineMs)),
  );
  signal.addEventListener("abort", abort);
  try {
    signal.throwIfAborted();
    return await Promise.race([converse(connection, options), tooLate]);
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    cancel();
    signal.removeEventListener("abort", abort);
  }
}

async function converse(
  connection: Connection,
  { packet, address }: IntroductionOptions,
): Promise<Connection> {
  const connect = encodePacket(packet);
  await connection.write(connect);
  const connack = new Uint8Array(CONNACK_SIZE);
  for (let at = 0; at < CONNACK_SIZE;) {
    const count = await connection.read(connack.subarray(at));
    if (count === null) throw closedByServer(address, { isEarly: true });
    at += count;
  }
  check(connack);
  return new IntroducedConnection(connection, { connectSize: connect.length, connack });
}

/** @throws {HubwireError} Unless it is a CONNACK that accepts. */
function check(bytes: Uint8Array): void {
  const decoder = new PacketDecoder({ role: "client" });
  decoder.push(bytes);
  const answer = decoder.next();
  if (answer?.type !== "connack") {
    throw violation("MQTT-3.2.0-1", "the server's first packet was not CONNACK");
  }
  if (answer.returnCode !== 0) throw refusal(answer);
}

/** Leaves out the CONNECT that was sent already, and gives the CONNACK that was read already. */
class IntroducedConnection implements Connection {
  readonly #connection: Connection;
  #connectSize: number;
  #connack: Uint8Array | undefined;

  constructor(
    connection: Connection,
    sent: { connectSize: number; connack: Uint8Array },
  ) {
    this.#connection = connection;
    this.#connectSize = sent.connectSize;
    this.#connack = sent.connack;
  }

  read(buffer: Uint8Array<ArrayBuffer>): Promise<number | null> {
    const connack = this.#connack;
    if (!connack) return this.#connection.read(buffer);
    this.#connack = undefined;
    buffer.set(connack);
    return Promise.resolve(connack.length);
  }

  write(bytes: Uint8Array): Promise<void> {
    const rest = bytes.subarray(this.#connectSize);
    this.#connectSize -= bytes.length - rest.length;
    return rest.length === 0 ? Promise.resolve() : this.#connection.write(rest);
  }

  close(): void {
    this.#connection.close();
  }
}
