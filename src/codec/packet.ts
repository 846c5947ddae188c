/** The message that the server publishes when this client is gone without a DISCONNECT (section 3.1.2.5). */
export interface Will {
  /** Topic name; no wildcards. */
  topic: string;
  /** At most 65 535 bytes. */
  payload: Uint8Array;
  /** At most how often the will is delivered: 0 once at most, 1 once at least, 2 exactly once. */
  qos: 0 | 1 | 2;
  /** Whether the server keeps it as the topic's retained message. */
  retain: boolean;
}

/** CONNECT (section 3.1): protocol level 4. */
export interface ConnectPacket {
  /** Discriminates {@linkcode Packet}. */
  type: "connect";
  /** Empty only together with `cleanSession` (MQTT-3.1.3-7). */
  clientId: string;
  /** Whether an earlier session is thrown away (MQTT-3.1.2-6). */
  cleanSession: boolean;
  /** 0 to 65 535 seconds; 0 switches keep-alive off. */
  keepAliveSeconds: number;
  /** Absent is not the same as empty. */
  username?: string;
  /** Only together with a user name (MQTT-3.1.2-22). */
  password?: Uint8Array;
  /** Absent: no will. */
  will?: Will;
}

/** CONNACK (section 3.2). */
export interface ConnackPacket {
  /** Discriminates {@linkcode Packet}. */
  type: "connack";
  /** Whether the server had kept a session. */
  sessionPresent: boolean;
  /** 0 accepted, 1 to 5 refused (section 3.2.2.3), others reserved. */
  returnCode: number;
}

/** PUBLISH (section 3.3). */
export interface PublishPacket {
  /** Discriminates {@linkcode Packet}. */
  type: "publish";
  /** Topic name: at least one character, no wildcards, at most 65 535 bytes of UTF-8. */
  topic: string;
  /** A decoded payload is yours, but it may share its `ArrayBuffer` with others. */
  payload: Uint8Array;
  /** 0 at most once, 1 at least once, 2 exactly once. */
  qos: 0 | 1 | 2;
  /** Whether the server keeps it, or has kept it, for later subscribers. */
  retain: boolean;
  /** Whether it was sent before; never at QoS 0. */
  dup: boolean;
  /** 1 to 65 535 at QoS 1 and 2; absent at QoS 0. */
  packetId?: number | undefined;
}

/** PUBACK, PUBREC, PUBREL, PUBCOMP and UNSUBACK (sections 3.4 to 3.7, 3.11). */
export interface AcknowledgementPacket {
  /** Discriminates {@linkcode Packet}. */
  type: "puback" | "pubrec" | "pubrel" | "pubcomp" | "unsuback";
  /** That of the packet it answers, 1 to 65 535. */
  packetId: number;
}

/** One entry of a {@linkcode SubscribePacket}. */
export interface Subscription {
  /** Topic filter with `+` and `#` as whole levels, `#` only last (section 4.7.1). */
  topicFilter: string;
  /** The highest QoS wanted. */
  qos: 0 | 1 | 2;
}

/** SUBSCRIBE (section 3.8). */
export interface SubscribePacket {
  /** Discriminates {@linkcode Packet}. */
  type: "subscribe";
  /** 1 to 65 535. */
  packetId: number;
  /** At least one (MQTT-3.8.3-3). */
  subscriptions: Subscription[];
}

/** SUBACK (section 3.9). */
export interface SubackPacket {
  /** Discriminates {@linkcode Packet}. */
  type: "suback";
  /** That of the SUBSCRIBE. */
  packetId: number;
  /** One for each filter in order: the QoS granted, or 128 for refused. */
  returnCodes: number[];
}

/** UNSUBSCRIBE (section 3.10). */
export interface UnsubscribePacket {
  /** Discriminates {@linkcode Packet}. */
  type: "unsubscribe";
  /** 1 to 65 535. */
  packetId: number;
  /** At least one (MQTT-3.10.3-2). */
  topicFilters: string[];
}

/** PINGREQ, PINGRESP and DISCONNECT (sections 3.12 to 3.14): a type and nothing else. */
export interface EmptyPacket {
  /** Discriminates {@linkcode Packet}. */
  type: "pingreq" | "pingresp" | "disconnect";
}

/** Any MQTT 3.1.1 control packet, told apart by `type`. */
export type Packet =
  | ConnectPacket
  | ConnackPacket
  | PublishPacket
  | AcknowledgementPacket
  | SubscribePacket
  | SubackPacket
  | UnsubscribePacket
  | EmptyPacket;

/** Any packet but PUBLISH. */
export type ControlPacket = Exclude<Packet, PublishPacket>;
