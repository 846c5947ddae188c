import { Readable } from "node:stream";
import type { SubscriptionKind } from "./hub_topics.ts";

/** One granted subscription. */
export interface GrantedSubscription {
  /** What it is for. */
  kind: SubscriptionKind;
  /** The granted quality of service. */
  qos: 0 | 1;
}

/** What the hub remembers of a device, for one connection or beyond it. */
export interface Session {
  /** Whether it outlives the connection (clean session 0). */
  kept: boolean;
  /** The granted subscriptions by topic filter. */
  subscriptions: Map<string, GrantedSubscription>;
}

/** The quality of service for cloud-to-device messages; `undefined` if the device wants none. */
export function deviceboundQos(session: Session): 0 | 1 | undefined {
  const granted = [...session.subscriptions.values()].filter(({ kind }) => kind !== "unanswered");
  if (granted.length === 0) return undefined;
  return granted.some(({ qos }) => qos === 1) ? 1 : 0;
}

/**
 * The sessions of a hub, in the shape in which aedes asks its store for them.
 *
 * Aedes would store retained messages, wills and queued messages here as well. A hub retains nothing,
 * forgets its wills when it stops, and queues what is for a device in that device's mailbox: so the
 * rest of the interface is empty on purpose.
 */
export class SessionStore {
  readonly #sessions = new Map<string, Session>();
  readonly #onAcknowledged: (deviceId: string, packetId: number | undefined) => void;

  constructor(onAcknowledged: (deviceId: string, packetId: number | undefined) => void) {
    this.#onAcknowledged = onAcknowledged;
  }

  /** The session a connection starts with: the kept one, unless the device wants a clean one. */
  begin(deviceId: string, { clean }: { clean: boolean }): Session {
    const kept = clean ? undefined : this.#sessions.get(deviceId);
    const session = kept ?? { kept: !clean, subscriptions: new Map() };
    if (session.kept) this.#sessions.set(deviceId, session);
    else this.#sessions.delete(deviceId);
    return session;
  }

  /** Forgets the session of a device. */
  remove(deviceId: string): void {
    this.#sessions.delete(deviceId);
  }

  /** The subscriptions to restore. */
  subscriptionsByClient({ id }: { id: string }): Promise<{ topic: string; qos: 0 | 1 }[]> {
    const subscriptions = this.#sessions.get(id)?.subscriptions ?? [];
    return Promise.resolve([...subscriptions].map(([topic, { qos }]) => ({ topic, qos })));
  }

  /** Called for every PUBACK. */
  outgoingClearMessageId({ id }: { id: string }, packet: { messageId?: number }): Promise<void> {
    this.#onAcknowledged(id, packet.messageId);
    return Promise.resolve();
  }

  // Aedes insists that this one is declared async.
  async setup(): Promise<void> {}
  addSubscriptions(): Promise<void> {
    return Promise.resolve();
  }
  removeSubscriptions(): Promise<void> {
    return Promise.resolve();
  }
  cleanSubscriptions(): Promise<void> {
    return Promise.resolve();
  }
  subscriptionsByTopic(): Promise<never[]> {
    return Promise.resolve([]);
  }
  outgoingEnqueue(): Promise<void> {
    return Promise.resolve();
  }
  outgoingEnqueueCombi(): Promise<void> {
    return Promise.resolve();
  }
  outgoingUpdate(): Promise<void> {
    return Promise.resolve();
  }
  outgoingStream(): Readable {
    return Readable.from([]);
  }
  createRetainedStreamCombi(): Readable {
    return Readable.from([]);
  }
  putWill(): Promise<void> {
    return Promise.resolve();
  }
  delWill(): Promise<void> {
    return Promise.resolve();
  }
  streamWill(): Readable {
    return Readable.from([]);
  }
}
