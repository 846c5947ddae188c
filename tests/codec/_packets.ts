/** The smallest packets, to be spread and changed. */

const EMPTY = new Uint8Array(0);

export const PUBLISH = {
  type: "publish",
  topic: "t",
  payload: EMPTY,
  qos: 0,
  retain: false,
  dup: false,
} as const;

export const CONNECT = {
  type: "connect",
  clientId: "c",
  cleanSession: true,
  keepAliveSeconds: 60,
} as const;

export const WILL = { topic: "w", payload: EMPTY, qos: 0, retain: false } as const;

export const CONNACK = { type: "connack", sessionPresent: false, returnCode: 0 } as const;

/** A packet for every place that a string can stand in, with that string there. */
export function packetsWithText(text: string): object[] {
  return [...packetsWithName(text), ...packetsWithFilter(text), ...packetsWithPlainText(text)];
}

export function packetsWithName(topic: string): object[] {
  return [
    { ...PUBLISH, topic },
    { ...PUBLISH, topic, qos: 1, packetId: 1 },
    { ...CONNECT, will: { ...WILL, topic } },
  ];
}

export function packetsWithFilter(topicFilter: string): object[] {
  return [
    { type: "subscribe", packetId: 1, subscriptions: [{ topicFilter, qos: 0 }] },
    {
      type: "subscribe",
      packetId: 1,
      subscriptions: [{ topicFilter: "a", qos: 0 }, { topicFilter, qos: 0 }],
    },
    { type: "unsubscribe", packetId: 1, topicFilters: [topicFilter] },
    { type: "unsubscribe", packetId: 1, topicFilters: ["a", topicFilter] },
  ];
}

function packetsWithPlainText(text: string): object[] {
  return [{ ...CONNECT, clientId: text }, { ...CONNECT, username: text }];
}
