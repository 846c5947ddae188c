/**
 * A device made of bytes: packets written by hand, with no codec of this project in between.
 *
 * So a test can send what no client library would, and sees exactly what the hub answers.
 */
import type { Identity } from "../../src/credentials/identity.ts";
import type { HubEmulator } from "../../src/emulator/mod.ts";
import { identityPem } from "../_kit/certs.ts";

/** CONNECT, as a test wants it. */
export interface ConnectFields {
  clientId: string;
  userName?: string;
  protocolName?: string;
  protocolLevel?: number;
  clean?: boolean;
  keepAliveSeconds?: number;
  will?: { topic: string; payload: string; qos?: number };
}

/** Bytes of CONNECT. */
export function connectBytes(fields: ConnectFields): Uint8Array {
  const { userName, will, clean = true, keepAliveSeconds = 60 } = fields;
  const flags = (clean ? 2 : 0) | (userName === undefined ? 0 : 0x80) |
    (will === undefined ? 0 : 4 | (will.qos ?? 0) << 3);
  return packetBytes(0x10, [
    ...lengthPrefixed(fields.protocolName ?? "MQTT"),
    fields.protocolLevel ?? 4,
    flags,
    ...twoBytes(keepAliveSeconds),
    // MQTT 5 has a list of properties here; an empty one.
    ...(fields.protocolLevel === 5 ? [0] : []),
    ...lengthPrefixed(fields.clientId),
    ...(will === undefined ? [] : [...lengthPrefixed(will.topic), ...lengthPrefixed(will.payload)]),
    ...(userName === undefined ? [] : lengthPrefixed(userName)),
  ]);
}

/** Bytes of PUBLISH. */
export function publishBytes(
  topic: string,
  payload: string | Uint8Array,
  { qos = 0, packetId = 1, retain = false }: { qos?: number; packetId?: number; retain?: boolean } =
    {},
): Uint8Array {
  const body = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const head = [...lengthPrefixed(topic), ...(qos === 0 ? [] : twoBytes(packetId))];
  const rest = new Uint8Array(head.length + body.length);
  rest.set(head);
  rest.set(body, head.length);
  return packetBytes(0x30 | qos << 1 | (retain ? 1 : 0), rest);
}

/** Bytes of SUBSCRIBE. */
export function subscribeBytes(
  packetId: number,
  filters: { topic: string; qos?: number }[],
): Uint8Array {
  const list = filters.flatMap(({ topic, qos = 1 }) => [...lengthPrefixed(topic), qos]);
  return packetBytes(0x82, [...twoBytes(packetId), ...list]);
}

/** Bytes of UNSUBSCRIBE. */
export function unsubscribeBytes(packetId: number, topic: string): Uint8Array {
  return packetBytes(0xa2, [...twoBytes(packetId), ...lengthPrefixed(topic)]);
}

/** Bytes of PUBACK. */
export function pubackBytes(packetId: number): Uint8Array {
  return packetBytes(0x40, twoBytes(packetId));
}

/** The user name a hub wants. */
export function userNameFor(hub: HubEmulator, deviceId: string): string {
  return `${hub.hostname}/${deviceId}/?api-version=2021-04-12`;
}

/** One packet as it came: its first byte and what follows the length. */
export interface ReceivedPacket {
  first: number;
  body: Uint8Array;
}

/** A TLS connection on which a test writes bytes and reads packets. */
export class RawDevice implements Disposable {
  readonly #connection: Deno.TlsConn;
  #unread = new Uint8Array();

  private constructor(connection: Deno.TlsConn) {
    this.#connection = connection;
  }

  /** Connects to a hub; without an identity it shows no certificate. */
  static async dial(hub: HubEmulator, identity?: Identity): Promise<RawDevice> {
    const connection = await Deno.connectTls({
      hostname: "127.0.0.1",
      port: hub.port,
      caCerts: [hub.caCertificate],
      ...(identity === undefined ? {} : identityPem(identity)),
    });
    return new RawDevice(connection);
  }

  /** Connects to a hub, sends CONNECT and expects to be let in. */
  static async connect(
    hub: HubEmulator,
    { identity, ...fields }: Partial<ConnectFields> & { clientId: string; identity: Identity },
  ): Promise<RawDevice> {
    const device = await RawDevice.dial(hub, identity);
    await device.send(connectBytes({ userName: userNameFor(hub, fields.clientId), ...fields }));
    const connack = await device.receive();
    if (connack?.first !== 0x20 || connack.body[1] !== 0) {
      device[Symbol.dispose]();
      throw new Error(`The hub did not let ${fields.clientId} in: ${connack?.body}`);
    }
    return device;
  }

  /** Writes all of it. */
  async send(...packets: Uint8Array[]): Promise<void> {
    for (const packet of packets) {
      for (let sent = 0; sent < packet.length;) {
        sent += await this.#connection.write(packet.subarray(sent));
      }
    }
  }

  /** The next packet, or `undefined` once the hub has closed the connection. */
  async receive(): Promise<ReceivedPacket | undefined> {
    while (true) {
      const packet = this.#takePacket();
      if (packet !== undefined) return packet;
      const chunk = new Uint8Array(65_536);
      const size = await this.#read(chunk);
      if (size === null) return undefined;
      this.#unread = new Uint8Array([...this.#unread, ...chunk.subarray(0, size)]);
    }
  }

  /** Every packet until the hub closes the connection. */
  async receiveToEnd(): Promise<ReceivedPacket[]> {
    const packets: ReceivedPacket[] = [];
    for (let packet = await this.receive(); packet; packet = await this.receive()) {
      packets.push(packet);
    }
    return packets;
  }

  /** Closes the socket without DISCONNECT. */
  [Symbol.dispose](): void {
    this.#connection.close();
  }

  // A hub that is done with a device cuts the connection: no goodbye, not even of TLS.
  async #read(chunk: Uint8Array): Promise<number | null> {
    try {
      return await this.#connection.read(chunk);
    } catch (error) {
      const isCut = error instanceof Deno.errors.UnexpectedEof ||
        error instanceof Deno.errors.ConnectionReset;
      if (isCut) return null;
      throw error;
    }
  }

  #takePacket(): ReceivedPacket | undefined {
    const bytes = this.#unread;
    let length = 0;
    for (let index = 1; index < bytes.length; index++) {
      const byte = bytes[index] ?? 0;
      length += (byte & 0x7f) << 7 * (index - 1);
      if (byte >= 0x80) continue;
      const end = index + 1 + length;
      if (bytes.length < end) return undefined;
      this.#unread = bytes.slice(end);
      return { first: bytes[0] ?? 0, body: bytes.slice(index + 1, end) };
    }
    return undefined;
  }
}

function packetBytes(first: number, body: Uint8Array | number[]): Uint8Array {
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push(rest % 128 | (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  const bytes = new Uint8Array(1 + length.length + body.length);
  bytes.set([first, ...length]);
  bytes.set(body, 1 + length.length);
  return bytes;
}

function lengthPrefixed(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [...twoBytes(bytes.length), ...bytes];
}

function twoBytes(value: number): number[] {
  return [value >> 8, value & 0xff];
}
