import { topicOf } from "./lift_packet.ts";
import type { ControlPacket, PublishPacket } from "./packet.ts";
import { BODY_AT, BODY_LENGTH, isDuplicate, isRetained, PACKET_ID, qosOf } from "./row.ts";
import { words } from "./wasm.ts";

/** A packet whose payload, if it is a PUBLISH, is made a view of when it is first asked for. */
export type LazyPacket = ControlPacket | LazyPublish;

/**
 * A PUBLISH that knows where its payload stands and makes a `Uint8Array` of it when it is first asked for.
 *
 * It is as much yours as an ordinary packet. Its fields are getters: neither `structuredClone` nor a spread sees them.
 */
export class LazyPublish implements PublishPacket {
  /** Topic name. */
  readonly topic: string;
  /** What the payload stands in, from {@linkcode LazyPublish.payloadStart} on; more than the payload. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Index in {@linkcode LazyPublish.bytes} of the first byte of the payload. */
  readonly payloadStart: number;
  /** Size of the payload in bytes. */
  readonly payloadLength: number;
  readonly #first: number;
  readonly #packetId: number;
  #payload: Uint8Array<ArrayBuffer> | undefined;

  /** Made by {@linkcode PacketCursor.lazyPacket}, of a row and the place of its bytes. */
  constructor(row: number, source: { bytes: Uint8Array<ArrayBuffer>; base: number }) {
    this.topic = topicOf(row);
    this.bytes = source.bytes;
    this.payloadStart = words[row + BODY_AT]! - source.base;
    this.payloadLength = words[row + BODY_LENGTH]!;
    this.#first = words[row]!;
    this.#packetId = words[row + PACKET_ID]!;
    this.#payload = undefined;
  }

  /** Discriminates {@linkcode Packet}. */
  get type(): "publish" {
    return "publish";
  }

  /** 0 at most once, 1 at least once, 2 exactly once. */
  get qos(): 0 | 1 | 2 {
    return qosOf(this.#first);
  }

  /** Whether the server has kept it for later subscribers. */
  get retain(): boolean {
    return isRetained(this.#first);
  }

  /** Whether it was sent before. */
  get dup(): boolean {
    return isDuplicate(this.#first);
  }

  /** 1 to 65 535; `undefined` at QoS 0. */
  get packetId(): number | undefined {
    return this.#packetId || undefined;
  }

  /** The payload: the same view each time. */
  get payload(): Uint8Array<ArrayBuffer> {
    return this.#payload ??= new Uint8Array(
      this.bytes.buffer,
      this.payloadStart,
      this.payloadLength,
    );
  }
}
