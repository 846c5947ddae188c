import type { AedesPublishPacket, Client, PublishPacket, Subscription } from "aedes";
import { Buffer } from "node:buffer";
import { type EventLog, type HubErrorName, type HubFailure, quote } from "./event_log.ts";
import type { Feed } from "./feed.ts";
import { parseTopicFilter } from "./hub_topics.ts";
import type { Mailbox, MailboxEntry } from "./mailbox.ts";
import { deviceboundQos, type Session } from "./session_store.ts";
import { acceptTelemetry, type TelemetryMessage } from "./telemetry.ts";

/** Where a connection's messages go and come from. */
export interface ConnectionContext {
  /** Whose connection it is. */
  deviceId: string;
  /** What the hub remembers of the device. */
  session: Session;
  /** What waits for the device. */
  mailbox: Mailbox;
  /** The will, as the very object that came with CONNECT. */
  will: object | undefined;
  /** Takes telemetry. */
  telemetry: Feed<TelemetryMessage>;
  /** The hub's log. */
  log: EventLog;
  /** The hub's clock. */
  now: () => Date;
}

/** Why a connection ends. */
export interface Ending {
  /** The hub's name for it, where it has one. */
  error?: HubErrorName;
  /** In plain words. */
  why: string;
}

/** Marks what comes from the cloud, in the place where aedes keeps the id of the broker a packet comes from. */
const cloudId = "cloud";

/** The rules of one device's connection, from an accepted CONNECT to its end. */
export class DeviceConnection {
  readonly #client: Client;
  readonly #context: ConnectionContext;
  #ending: Ending | undefined;
  #isOpen = false;

  constructor(client: Client, context: ConnectionContext) {
    this.#client = client;
    this.#context = context;
  }

  /** Whose connection it is. */
  get deviceId(): string {
    return this.#context.deviceId;
  }

  /** The device has its CONNACK: what waits for it can go. */
  open({ sessionPresent }: { sessionPresent: boolean }): void {
    this.#isOpen = true;
    this.#context.log.add({ type: "connected", deviceId: this.deviceId, sessionPresent });
    this.deliver();
  }

  /** Takes a PUBLISH or the will; an error closes the connection. */
  receive(packet: PublishPacket): Error | undefined {
    const { payload } = packet;
    const publish = {
      topic: packet.topic,
      payload: typeof payload === "string" ? Buffer.from(payload) : payload,
      qos: packet.qos,
      retain: packet.retain,
      isWill: packet === this.#context.will,
    };
    // The hub keeps nothing for later subscribers.
    packet.retain = false;
    const message = acceptTelemetry(publish, { deviceId: this.deviceId, now: this.#context.now() });
    if ("error" in message) return this.#misuse(message);
    this.#context.telemetry.push(message);
    return undefined;
  }

  /** Grants a subscription, or one of a restored session; an error closes the connection. */
  grant({ topic, qos }: Subscription): Error | undefined {
    const { subscriptions } = this.#context.session;
    const kind = parseTopicFilter(topic, this.deviceId);
    if (kind === undefined) {
      const why = `subscribed to ${quote(topic)}, which the hub does not offer it`;
      return this.#misuse({ error: "InvalidOperation", why });
    }
    const isNew = !subscriptions.has(topic);
    if (isNew && kind === "everything") this.#notice(`subscribed in the old form ${quote(topic)}`);
    if (isNew && kind === "unanswered") {
      this.#notice(`subscribed to ${quote(topic)}, which this emulator never answers`);
    }
    subscriptions.set(topic, { kind, qos: qos === 0 ? 0 : 1 });
    return undefined;
  }

  /** Takes subscriptions back. */
  revoke(topics: string[]): void {
    for (const topic of topics) this.#context.session.subscriptions.delete(topic);
  }

  /** Sends what waits for the device, if it is there and wants it. */
  deliver(): void {
    const qos = deviceboundQos(this.#context.session);
    if (!this.#isOpen || qos === undefined) return;
    const { mailbox, now } = this.#context;
    for (const entry of mailbox.dueOver(this, now())) this.#send(entry, qos);
  }

  /** Puts the packet identifier on what comes from the cloud; nothing else reaches a device. */
  forward(packet: AedesPublishPacket): AedesPublishPacket | null {
    if (packet.brokerId !== cloudId) return null;
    const entry = this.#context.mailbox.find(packet.brokerCounter);
    return entry === undefined ? null : { ...packet, messageId: entry.packetId };
  }

  /** Notes why the connection is about to end. The first reason counts. */
  noteEnding(ending: Ending): void {
    this.#ending ??= ending;
  }

  /** Ends the connection from the hub's side. */
  close(ending: Ending): void {
    this.noteEnding(ending);
    this.#client.close();
  }

  /** The connection has ended; one that never had its CONNACK was none. */
  ended(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const ending = this.#ending ?? {
      error: "DeviceConnectionClosedRemotely",
      why: "the device closed the connection",
    };
    this.#context.log.add({ type: "disconnected", deviceId: this.deviceId, ...ending });
  }

  #send(entry: MailboxEntry, qos: 0 | 1): void {
    const packet: AedesPublishPacket = {
      cmd: "publish",
      topic: entry.topic,
      payload: Buffer.from(entry.payload),
      qos,
      retain: false,
      dup: qos === 1 && entry.sentOver !== undefined,
      brokerId: cloudId,
      brokerCounter: entry.sequence,
    };
    entry.sentOver = this;
    this.#client.publish(packet, () => {
      // At QoS 0 nobody acknowledges: sent is done.
      if (qos === 0) this.#context.mailbox.acknowledge(entry.packetId);
    });
  }

  #misuse(failure: HubFailure): Error {
    this.#context.log.add({ type: "misuse", deviceId: this.deviceId, ...failure });
    this.noteEnding(failure);
    return new Error(failure.why);
  }

  #notice(why: string): void {
    this.#context.log.add({ type: "notice", deviceId: this.deviceId, why });
  }
}
