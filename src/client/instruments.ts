/**
 * The numbers of a client as OpenTelemetry has them: names by its semantic conventions for messaging where these have
 * one, else under `mqtt.client`; units in UCUM. `docs/observability.md` shows the same table.
 */

import type { ClientMetrics } from "./metrics.ts";
import type { Attributes } from "./open_telemetry.ts";

/** One name, and the numbers under it, told apart by their attributes. */
export interface Instrument {
  name: string;
  unit: string;
  description: string;
  numbers: readonly { value: (metrics: ClientMetrics) => number; attributes: Attributes }[];
}

type Field = keyof Omit<ClientMetrics, "outbox">;

function one(field: Field, attributes: Attributes = {}): Instrument["numbers"] {
  return [{ value: (metrics) => metrics[field], attributes }];
}

function bothWays(out: Field, into: Field): Instrument["numbers"] {
  return [
    ...one(out, { "network.io.direction": "transmit" }),
    ...one(into, { "network.io.direction": "receive" }),
  ];
}

/** Of connections: all, and of them those made again. */
function again(all: Field, made: Field): Instrument["numbers"] {
  const first = (metrics: ClientMetrics) => metrics[all] - metrics[made];
  return [
    { value: first, attributes: { "mqtt.client.reconnect": false } },
    ...one(made, { "mqtt.client.reconnect": true }),
  ];
}

/** What only grows. */
export const COUNTERS: readonly Instrument[] = [
  {
    name: "messaging.client.sent.messages",
    unit: "{message}",
    description: "Messages sent, without those sent again",
    numbers: one("sent", { "messaging.operation.name": "publish" }),
  },
  {
    name: "messaging.client.consumed.messages",
    unit: "{message}",
    description: "Messages received",
    numbers: one("received", { "messaging.operation.name": "receive" }),
  },
  {
    name: "mqtt.client.delivered.messages",
    unit: "{message}",
    description: "Messages at QoS 1 and 2 that the server has taken over",
    numbers: one("delivered"),
  },
  {
    name: "mqtt.client.resent.packets",
    unit: "{packet}",
    description: "PUBLISH and PUBREL packets sent again after a lost connection",
    numbers: one("resent"),
  },
  {
    name: "mqtt.client.dropped.messages",
    unit: "{message}",
    description: "Messages received that nobody was given; messages pushed out of a full outbox",
    numbers: bothWays("droppedOutgoing", "droppedIncoming"),
  },
  {
    name: "mqtt.client.unexpected.acknowledgements",
    unit: "{packet}",
    description: "Acknowledgements that nothing waited for",
    numbers: one("unexpectedAcknowledgements"),
  },
  {
    name: "mqtt.client.connection.attempts",
    unit: "{attempt}",
    description: "Attempts at a connection",
    numbers: again("connectAttempts", "reconnectAttempts"),
  },
  {
    name: "mqtt.client.connections",
    unit: "{connection}",
    description: "Connections that the server accepted",
    numbers: again("connects", "reconnects"),
  },
  {
    name: "mqtt.client.packets",
    unit: "{packet}",
    description: "MQTT packets",
    numbers: bothWays("packetsOut", "packetsIn"),
  },
  {
    name: "mqtt.client.io",
    unit: "By",
    description: "Bytes of MQTT, without what TLS adds",
    numbers: bothWays("bytesOut", "bytesIn"),
  },
];

/** What goes up and down. */
export const LEVELS: readonly Instrument[] = [
  {
    name: "mqtt.client.in_flight",
    unit: "{packet}",
    description: "Packets that wait for their acknowledgement",
    numbers: one("inFlight"),
  },
  {
    name: "mqtt.client.waiting",
    unit: "{call}",
    description: "Calls that wait to be sent",
    numbers: one("waiting"),
  },
  {
    name: "mqtt.client.queued.messages",
    unit: "{message}",
    description: "Messages received that no iterator has taken yet",
    numbers: one("queued"),
  },
  {
    name: "mqtt.client.outbox.messages",
    unit: "{message}",
    description: "Messages in the outbox",
    numbers: [{ value: ({ outbox }) => outbox?.count ?? 0, attributes: {} }],
  },
  {
    name: "mqtt.client.outbox.size",
    unit: "By",
    description: "Payload in the outbox",
    numbers: [{ value: ({ outbox }) => outbox?.bytes ?? 0, attributes: {} }],
  },
];

/** How many clients there are, by state. */
export const CLIENTS: Omit<Instrument, "numbers"> = {
  name: "mqtt.client.count",
  unit: "{client}",
  description: "Clients that are connected or on the way to it, by state",
};

/** In seconds; the bounds are those that the conventions name. */
export const DURATIONS = {
  operation: {
    name: "messaging.client.operation.duration",
    unit: "s",
    description:
      "How long connecting takes, and publishing at QoS 1 and 2 until the acknowledgement",
  },
  process: {
    name: "messaging.process.duration",
    unit: "s",
    description: "How long handlers of messages take",
  },
} as const;

/** Upper bounds of what is counted together, in seconds. */
export const BOUNDS: readonly number[] = [
  0.005,
  0.01,
  0.025,
  0.05,
  0.075,
  0.1,
  0.25,
  0.5,
  0.75,
  1,
  2.5,
  5,
  7.5,
  10,
];
