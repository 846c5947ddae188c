import type { SubackPacket } from "../codec/packet.ts";
import type { Counters } from "./counters.ts";
import type { InFlight, Waiting } from "./in_flight.ts";
import type { SessionHandler } from "./session_handler.ts";
import { violation } from "./violation.ts";

/** What answers are about. */
export interface AnswersParts<T> {
  inFlight: InFlight<T>;
  counters: Counters;
  handler: Pick<SessionHandler<T>, "acknowledged" | "subscribed">;
}

/** What a server answers to that which waits for it. What answers nothing is late or repeated, harmless, and counted. */
export class Answers<T> {
  readonly #inFlight: InFlight<T>;
  readonly #counters: Counters;
  readonly #handler: AnswersParts<T>["handler"];

  constructor({ inFlight, counters, handler }: AnswersParts<T>) {
    this.#inFlight = inFlight;
    this.#counters = counters;
    this.#handler = handler;
  }

  /** @throws {ProtocolError} If it answers a message at QoS 2. */
  takePuback(packetId: number): void {
    const waiting = this.#inFlight.find(packetId);
    if (waiting?.kind !== "publish") return this.#ignore();
    if (waiting.packet.qos === 2) {
      throw violation("MQTT-4.3.3-1", "the server answered a QoS 2 message with PUBACK");
    }
    this.#settle(packetId, waiting);
  }

  /**
   * Returns whether it wants a PUBREL.
   *
   * @throws {ProtocolError} If it answers a message at QoS 1.
   */
  takePubrec(packetId: number): boolean {
    const waiting = this.#inFlight.find(packetId);
    if (waiting?.kind === "publish" && waiting.packet.qos === 1) {
      throw violation("MQTT-4.3.2-1", "the server answered a QoS 1 message with PUBREC");
    }
    if (waiting?.kind === "publish" || waiting?.kind === "released") {
      this.#inFlight.release(packetId, waiting.token);
      return true;
    }
    this.#ignore();
    // Of a message that nobody here knows any more, too: or the server would hold on to it for ever.
    return waiting === undefined;
  }

  takePubcomp(packetId: number): void {
    this.#complete(packetId, "released");
  }

  /** @throws {ProtocolError} If it has not one return code for each filter. */
  takeSuback({ packetId, returnCodes }: SubackPacket): void {
    const waiting = this.#inFlight.find(packetId);
    if (waiting?.kind !== "subscribe") return this.#ignore();
    if (returnCodes.length !== waiting.packet.subscriptions.length) {
      throw violation("MQTT-3.8.4-5", "SUBACK has not one return code for each topic filter");
    }
    this.#inFlight.delete(packetId);
    this.#handler.subscribed(waiting.token, returnCodes);
  }

  takeUnsuback(packetId: number): void {
    this.#complete(packetId, "unsubscribe");
  }

  #complete(packetId: number, kind: "released" | "unsubscribe"): void {
    const waiting = this.#inFlight.find(packetId);
    if (waiting?.kind === kind) this.#settle(packetId, waiting);
    else this.#ignore();
  }

  #settle(packetId: number, { kind, token }: Waiting<T>): void {
    this.#inFlight.delete(packetId);
    if (kind !== "unsubscribe") this.#counters.delivered++;
    this.#handler.acknowledged(token);
  }

  #ignore(): void {
    this.#counters.unexpectedAcknowledgements++;
  }
}
