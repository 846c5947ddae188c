import type { ControlPacket, PublishPacket } from "./packet.ts";
import { isDuplicate, isRetained, qosOf } from "./row.ts";

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

  /** Made by {@linkcode PacketCursor.lazyPacket}; `first` is the first byte of the packet. */
  constructor(
    head: { first: number; topic: string; packetId: number },
    payload: { bytes: Uint8Array<ArrayBuffer>; start: number; length: number },
  ) {
    this.topic = head.topic;
    this.#first = head.first;
    this.#packetId = head.packetId;
    this.bytes = payload.bytes;
    this.payloadStart = payload.start;
    this.payloadLength = payload.length;
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
      this.bytes.byteOffset + this.payloadStart,
      this.payloadLength,
    );
  }
}
