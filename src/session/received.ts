/**
 * What was received at QoS 1 and 2 and is not acknowledged yet.
 *
 * Acknowledgements leave in the order in which the messages came [MQTT-4.6.0-2, MQTT-4.6.0-3], whatever the
 * order in which the application finishes them. At QoS 2 a message is known by its packet identifier until
 * PUBREL, so a second copy of it is not delivered again [MQTT-4.3.3-2].
 */

import type { AcknowledgementPacket, PublishPacket } from "../codec/packet.ts";

/** A message at QoS 1 or 2 in the hands of the application. */
export interface Delivery {
  readonly packetId: number;
  readonly qos: 1 | 2;
  /** `failed` is never acknowledged, and holds up nothing behind it. */
  state: "open" | "done" | "failed";
}

export class Received {
  #deliveries: Delivery[] = [];
  /** Identifiers of QoS 2 messages from PUBLISH to PUBREL; they outlive the connection, as the session does. */
  readonly #exactlyOnce = new Set<number>();

  /** Notes a message; `undefined` means it was delivered before and is not to be again. */
  note(packetId: number, qos: PublishPacket["qos"]): Delivery | undefined {
    if (qos === 2) {
      if (this.#exactlyOnce.has(packetId)) return undefined;
      this.#exactlyOnce.add(packetId);
    }
    const delivery: Delivery = { packetId, qos: qos === 2 ? 2 : 1, state: "open" };
    this.#deliveries.push(delivery);
    return delivery;
  }

  /** Whether the application still works on the message with this identifier. */
  isOpen(packetId: number): boolean {
    return this.#deliveries.some((delivery) => delivery.packetId === packetId);
  }

  /** PUBREL came: the identifier may mean a new message from now on. */
  release(packetId: number): void {
    this.#exactlyOnce.delete(packetId);
  }

  /** The application is done with a message, or failed on it; returns the acknowledgements that may leave now. */
  settle(delivery: Delivery, state: "done" | "failed"): AcknowledgementPacket[] {
    delivery.state = state;
    if (state === "failed") this.#exactlyOnce.delete(delivery.packetId);
    const firstOpen = this.#deliveries.findIndex((other) => other.state === "open");
    const count = firstOpen < 0 ? this.#deliveries.length : firstOpen;
    return this.#deliveries.splice(0, count)
      .filter((other) => other.state === "done")
      .map(({ packetId, qos }) => ({ type: qos === 1 ? "puback" : "pubrec", packetId }));
  }

  /** The connection is gone, and with it every acknowledgement that was owed on it. */
  drop(): void {
    this.#deliveries = [];
  }

  /** The server has kept no session: identifiers mean new messages. */
  forget(): void {
    this.#exactlyOnce.clear();
  }
}
