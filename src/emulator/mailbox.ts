import { ConnectionLostError } from "../errors.ts";
import type { CloudMessage } from "./cloud_message.ts";
import { hubErrorCodes } from "./event_log.ts";

/** A message in a mailbox, and how far it has come. */
export interface MailboxEntry extends CloudMessage {
  /** Tells it from every other message of its mailbox; later ones have greater numbers. */
  sequence: number;
  /** The packet identifier under which it is sent, the same every time (MQTT 3.1.1, section 4.4). */
  packetId: number;
  /** The connection it was sent over last. */
  sentOver?: object;
  /** Settles the promise of whoever waits for its completion. */
  completion?: PromiseWithResolvers<void>;
}

const mostMessages = 50;
const lastPacketId = 65_535;

/**
 * The cloud-to-device messages of one device.
 *
 * A message stays until the device acknowledges it, until it expires, or until the device connects with
 * a clean session. It is sent once over each connection, so a new connection repeats what the last one
 * left unacknowledged, in the old order.
 */
export class Mailbox {
  readonly #deviceId: string;
  #entries: MailboxEntry[] = [];
  #sequence = 0;

  constructor(deviceId: string) {
    this.#deviceId = deviceId;
  }

  /** @throws {RangeError} If 50 messages wait already: the hub takes no more. */
  add(message: CloudMessage, now: Date): MailboxEntry {
    this.#dropExpired(now);
    if (this.#entries.length >= mostMessages) {
      throw new RangeError(
        `${mostMessages} messages wait for device ${this.#deviceId} already ` +
          `(${hubErrorCodes.DeviceMaximumQueueDepthExceeded} DeviceMaximumQueueDepthExceeded)`,
      );
    }
    const sequence = ++this.#sequence;
    const entry = { ...message, sequence, packetId: (sequence - 1) % lastPacketId + 1 };
    this.#entries.push(entry);
    return entry;
  }

  /** Settles when the device has acknowledged the message, or when it never will. */
  completion(entry: MailboxEntry): Promise<void> {
    entry.completion ??= Promise.withResolvers();
    return entry.completion.promise;
  }

  /** What this connection has not been sent yet, oldest first. */
  dueOver(connection: object, now: Date): MailboxEntry[] {
    this.#dropExpired(now);
    return this.#entries.filter((entry) => entry.sentOver !== connection);
  }

  /** The message with that number, while it is here. */
  find(sequence: number): MailboxEntry | undefined {
    return this.#entries.find((entry) => entry.sequence === sequence);
  }

  /** The device has it: forget it. Any other packet identifier is no business of this mailbox. */
  acknowledge(packetId: number | undefined): void {
    const isAcknowledged = (entry: MailboxEntry) =>
      entry.packetId === packetId && entry.sentOver !== undefined;
    this.#entries.find(isAcknowledged)?.completion?.resolve();
    this.#entries = this.#entries.filter((entry) => !isAcknowledged(entry));
  }

  /** Throws everything away; whoever waits for a completion learns why. */
  discard(why: string): void {
    const discarded = this.#entries;
    this.#entries = [];
    for (const entry of discarded) this.#giveUp(entry, why);
  }

  #dropExpired(now: Date): void {
    const expired = this.#entries.filter((entry) => entry.expiresAt <= now);
    if (expired.length === 0) return;
    this.#entries = this.#entries.filter((entry) => entry.expiresAt > now);
    for (const entry of expired) this.#giveUp(entry, "it expired");
  }

  #giveUp(entry: MailboxEntry, why: string): void {
    entry.completion?.reject(
      new ConnectionLostError("CONNECTION_LOST", {
        what: `Message to device ${this.#deviceId} thrown away`,
        why,
        remedy: "Send it again.",
      }),
    );
  }
}
