/**
 * What was received at QoS 1 and 2 and is not acknowledged yet.
 *
 * Acknowledgements leave in the order in which the messages came [MQTT-4.6.0-2, MQTT-4.6.0-3], whatever the
 * order in which the application finishes them. At QoS 2 a message is known by its packet identifier until
 * PUBREL, so a second copy of it is not delivered again [MQTT-4.3.3-2].
 *
 * An acknowledgement that a lost connection has kept from leaving is owed again when the server sends the message again:
 * it is not delivered a second time while the application has it, and is not answered before the application
 * is done with it.
 */

import type { AcknowledgementPacket, PublishPacket } from "../codec/packet.ts";

/** A message at QoS 1 or 2 in the hands of the application. */
export interface Delivery {
  readonly packetId: number;
  readonly qos: 1 | 2;
  /** `failed` is never acknowledged, and holds up nothing behind it. */
  state: "open" | "done" | "failed";
  /** The one that came after it. */
  next: Delivery | undefined;
}

const NONE: readonly AcknowledgementPacket[] = [];

export class Received {
  /** Those to be acknowledged, on this connection or the last one; a list, because most come and go one by one. */
  #oldest: Delivery | undefined;
  #newest: Delivery | undefined;
  /** QoS 2 from PUBLISH to PUBREL. */
  readonly #exactlyOnce = new Map<number, Delivery>();
  /** QoS 1 that was not acknowledged on the connection before. */
  readonly #earlier = new Map<number, Delivery>();

  /** Notes a message; `undefined` means it was delivered before and is not to be again. */
  note(packetId: number, { qos, dup }: Pick<PublishPacket, "qos" | "dup">): Delivery | undefined {
    const known = qos === 2 ? this.#exactlyOnce.get(packetId) : this.#takeEarlier(packetId, dup);
    if (known) {
      if (!this.#inOrder().includes(known)) this.#append(known);
      return undefined;
    }
    const delivery: Delivery = {
      packetId,
      qos: qos === 2 ? 2 : 1,
      state: "open",
      next: undefined,
    };
    if (qos === 2) this.#exactlyOnce.set(packetId, delivery);
    this.#append(delivery);
    return delivery;
  }

  /** PUBREL came: the identifier may mean a new message from now on. */
  release(packetId: number): void {
    this.#exactlyOnce.delete(packetId);
  }

  /** The application is done with a message, or failed on it, which may then be delivered again. */
  settle(delivery: Delivery, state: "done" | "failed"): void {
    const { packetId } = delivery;
    delivery.state = state;
    if (state === "failed" && this.#exactlyOnce.get(packetId) === delivery) this.release(packetId);
  }

  /** The acknowledgements that may leave now. */
  takeAcknowledgements(): readonly AcknowledgementPacket[] {
    return this.#oldest?.state === "open" ? NONE : this.#takeSettled();
  }

  /** Another connection: the server sends again what it has kept, or identifiers mean new messages. */
  resume({ sessionPresent }: { sessionPresent: boolean }): void {
    this.#earlier.clear();
    if (!sessionPresent) this.#exactlyOnce.clear();
    else {
      for (const delivery of this.#inOrder()) {
        if (delivery.qos === 1) this.#earlier.set(delivery.packetId, delivery);
      }
    }
    this.#oldest = this.#newest = undefined;
  }

  /** The connection is gone for good: whoever has a message may never say that it is done with it. */
  abandon(): void {
    this.#oldest = this.#newest = undefined;
    for (const delivery of this.#exactlyOnce.values()) delivery.state = "done";
  }

  #append(delivery: Delivery): void {
    delivery.next = undefined;
    if (this.#newest) this.#newest.next = delivery;
    this.#oldest ??= delivery;
    this.#newest = delivery;
  }

  #inOrder(): Delivery[] {
    const deliveries: Delivery[] = [];
    for (let each = this.#oldest; each; each = each.next) deliveries.push(each);
    return deliveries;
  }

  #takeSettled(): AcknowledgementPacket[] {
    const packets: AcknowledgementPacket[] = [];
    let delivery = this.#oldest;
    for (; delivery && delivery.state !== "open"; delivery = delivery.next) {
      const { state, packetId, qos } = delivery;
      if (state === "done") packets.push({ type: qos === 1 ? "puback" : "pubrec", packetId });
    }
    this.#oldest = delivery;
    if (!delivery) this.#newest = undefined;
    return packets;
  }

  /** Without DUP it is another message; a server that forgets to set it has it delivered twice. */
  #takeEarlier(packetId: number, dup: boolean): Delivery | undefined {
    if (this.#earlier.size === 0) return undefined;
    const earlier = this.#earlier.get(packetId);
    this.#earlier.delete(packetId);
    return dup && earlier?.state !== "failed" ? earlier : undefined;
  }
}
