import { QueueWindow } from "./byte_window.ts";
import type { Packet } from "./packet.ts";
import { PacketCursor } from "./packet_cursor.ts";
import { type DecoderOptions, PacketStream } from "./packet_stream.ts";

/**
 * Cuts a stream of bytes into MQTT 3.1.1 packets.
 *
 * Any split of the stream gives the same packets, in linear time. Packets that are whole come out before the
 * first malformed one is reported, and once it was, the decoder stays refused: every further
 * {@linkcode PacketDecoder.next} throws the same error. Payloads are yours; they may share an `ArrayBuffer`
 * with other payloads, so copy one (`payload.slice()`) before transferring its buffer.
 *
 * @example A packet that arrives in two pieces
 * ```ts
 * import { PacketDecoder } from "@hubwire/hubwire/codec";
 * import { assertEquals } from "@std/assert";
 *
 * const decoder = new PacketDecoder({ role: "client" });
 * decoder.push(new Uint8Array([0x40, 0x02, 0x00]));
 * assertEquals(decoder.next(), undefined);
 * decoder.push(new Uint8Array([0x07]));
 * assertEquals(decoder.next(), { type: "puback", packetId: 7 });
 * ```
 */
export class PacketDecoder {
  readonly #window = new QueueWindow({ givesBytes: true });
  readonly #stream: PacketStream;
  readonly #cursor: PacketCursor;

  /**
   * Starts at the beginning of a stream.
   *
   * @throws {RangeError} If `maximumPacketSize` is not 2 to 268 435 460.
   * @throws {TypeError} If there is no such role.
   */
  constructor(options: DecoderOptions = {}) {
    this.#stream = new PacketStream(this.#window, options);
    this.#cursor = new PacketCursor(this.#stream);
  }

  /** Takes the next bytes of the stream, which may be reused at once; after a malformed packet it ignores them. */
  push(chunk: Uint8Array): void {
    if (!this.#stream.refusal) this.#window.append(chunk);
  }

  /**
   * The next packet, or `undefined` when more bytes are needed.
   *
   * @throws {MalformedPacketError} If the stream breaks MQTT 3.1.1 here; it names the statement and the byte.
   */
  next(): Packet | undefined {
    const cursor = this.#cursor;
    if (!cursor.isRunning) cursor.start();
    if (cursor.next()) return cursor.packet();
    if (this.#stream.refusal) throw this.#stream.refusal;
    return undefined;
  }
}
