import type { Packet, Subscription, Will } from "../codec/mod.ts";
import { redactTopic, redactUserName } from "./redact.ts";

/**
 * Of a packet, what may be shown: no payload and no password, but how long they are; topics without the values of
 * properties; a user name only if it is one of Azure's. A field that the packet does not have is absent.
 */
export interface PacketSummary {
  /** Which packet it is. */
  readonly type: Packet["type"];
  /** Of packets that are answered, and their answers. */
  readonly packetId?: number | undefined;
  /** Of PUBLISH. */
  readonly topic?: string;
  /** Of PUBLISH. */
  readonly payloadBytes?: number;
  /** Of PUBLISH. */
  readonly qos?: 0 | 1 | 2;
  /** Of PUBLISH. */
  readonly retain?: boolean;
  /** Of PUBLISH. */
  readonly dup?: boolean;
  /** Of CONNECT. */
  readonly clientId?: string;
  /** Of CONNECT. */
  readonly username?: string;
  /** Of CONNECT. */
  readonly passwordBytes?: number;
  /** Of CONNECT. */
  readonly cleanSession?: boolean;
  /** Of CONNECT. */
  readonly keepAliveSeconds?: number;
  /** Of CONNECT. */
  readonly will?: Omit<Will, "payload"> & { readonly payloadBytes: number };
  /** Of CONNACK. */
  readonly sessionPresent?: boolean;
  /** Of CONNACK. */
  readonly returnCode?: number;
  /** Of SUBSCRIBE. */
  readonly subscriptions?: readonly Subscription[];
  /** Of SUBACK. */
  readonly returnCodes?: readonly number[];
  /** Of UNSUBSCRIBE. */
  readonly topicFilters?: readonly string[];
}

/** Takes from a packet what may be shown. */
export function summarize(packet: Packet): PacketSummary {
  switch (packet.type) {
    case "publish":
      return withoutPayload(packet);
    case "connect": {
      const { username, password, will, ...rest } = packet;
      return {
        ...rest,
        ...username === undefined ? {} : { username: redactUserName(username) },
        ...password === undefined ? {} : { passwordBytes: password.length },
        ...will === undefined ? {} : { will: withoutPayload(will) },
      };
    }
    case "subscribe": {
      const subscriptions = packet.subscriptions.map(({ topicFilter, qos }) => ({
        topicFilter: redactTopic(topicFilter),
        qos,
      }));
      return { ...packet, subscriptions };
    }
    case "unsubscribe":
      return { ...packet, topicFilters: packet.topicFilters.map(redactTopic) };
    default:
      return { ...packet };
  }
}

function withoutPayload<P extends { topic: string; payload: Uint8Array }>(
  { payload, ...rest }: P,
): Omit<P, "payload"> & { payloadBytes: number } {
  return { ...rest, topic: redactTopic(rest.topic), payloadBytes: payload.length };
}

/** A summary as one line: `PUBLISH topic="a" qos=1 packetId=3 payloadBytes=5`. What is quoted cannot break it. */
export function summaryLine({ type, ...fields }: PacketSummary): string {
  const words = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]) => value === true ? name : `${name}=${JSON.stringify(value)}`);
  return [type.toUpperCase(), ...words].join(" ");
}
