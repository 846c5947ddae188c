/** What is measured: the rows of the table, and what each is about. */

import { clientIdOf, HOLD, type Job } from "./job.ts";
import type { Program } from "./laboratory.ts";
import type { Order } from "./order.ts";

/** One thing to measure, of each contestant alike. */
export interface Row {
  name: string;
  /** Where to: the peer, or mosquitto. */
  through: "peer" | "mosquitto";
  contestants: Contestant[];
  /** Each run in a process that has done nothing before: where memory is measured. */
  isFresh?: boolean;
}

export interface Contestant {
  /** Of the program, unless it takes part in two ways. */
  name: string;
  program: Program;
  order: Omit<Order, "port">;
}

/** What a row may take: the counts of messages and connections. */
export interface Size {
  /** 1 for what may be quoted. */
  share: number;
}

type Kind = "publish" | "receive";

/** So many messages take each about as long. */
const FAST = 2_000_000;
const SLOW = 100_000;
const ROUND_TRIPS = 2000;
const CONNECTS = 20;
const PARALLEL = 2000;
const IDLE = 2000;

/** All rows, in the order of the report. */
export function rowsOf({ share }: Size): Row[] {
  const count = (most: number) => Math.max(1000, Math.round(most * share / 1000) * 1000);
  const few = (most: number) => Math.max(2, Math.round(most * share));
  const stream = (kind: Kind, { qos, size }: Pick<Job, "qos" | "size">, fast = FAST): Row => ({
    name: `${kind} QoS ${qos}, ${size === 64 ? "64 B" : "1 KiB"}`,
    through: "peer",
    contestants: [
      streaming("MQTT.js", { kind, qos, size, count: count(SLOW) }),
      ...(qos === 0 ? [streaming("raw", { kind, qos, size, count: count(fast) })] : []),
      streaming("Hubwire", { kind, qos, size, count: count(fast) }),
    ],
  });
  const throughMosquitto = (qos: 0 | 1, fast: number): Row => ({
    name: `publish QoS ${qos}, 64 B, to mosquitto`,
    through: "mosquitto",
    contestants: [
      streaming("MQTT.js", { kind: "publish", qos, size: 64, count: count(SLOW) }),
      streaming("Hubwire", { kind: "publish", qos, size: 64, count: count(fast) }),
    ],
  });
  const trips: Job = { kind: "publish", qos: 1, size: 64, count: few(ROUND_TRIPS) };
  return [
    stream("publish", { qos: 0, size: 64 }),
    stream("receive", { qos: 0, size: 64 }),
    stream("publish", { qos: 1, size: 64 }),
    stream("receive", { qos: 1, size: 64 }),
    stream("publish", { qos: 0, size: 1024 }, FAST / 5),
    stream("receive", { qos: 0, size: 1024 }, FAST / 5),
    {
      name: "round trip QoS 1, 64 B",
      through: "peer",
      contestants: (["MQTT.js", "Hubwire"] as const).map((program) => ({
        name: program,
        program,
        order: { ...trips, task: "roundTrips", clientId: clientIdOf(trips) },
      })),
    },
    {
      name: "connect to CONNACK",
      through: "peer",
      contestants: [
        holding("MQTT.js", "connects", few(CONNECTS)),
        holding("raw", "connects", few(CONNECTS)),
        holding("Hubwire", "connects", few(CONNECTS)),
        noDelay(holding("Hubwire", "connects", few(CONNECTS))),
      ],
    },
    {
      name: "parallel connects",
      through: "peer",
      contestants: [
        holding("MQTT.js", "parallel", few(PARALLEL)),
        holding("raw", "parallel", few(PARALLEL)),
        holding("Hubwire", "parallel", few(PARALLEL)),
      ],
    },
    {
      name: "idle connection",
      through: "peer",
      isFresh: true,
      contestants: [
        holding("raw", "idle", few(IDLE)),
        holding("Hubwire", "idle", few(IDLE)),
      ],
    },
    throughMosquitto(0, FAST / 4),
    throughMosquitto(1, SLOW),
  ];
}

function streaming(program: Program, job: Job & { kind: Kind }): Contestant {
  return {
    name: program,
    program,
    order: { ...job, task: job.kind, clientId: clientIdOf(job) },
  };
}

function holding(program: Program, task: Order["task"], count: number): Contestant {
  return { name: program, program, order: { ...HOLD, task, clientId: clientIdOf(HOLD), count } };
}

function noDelay({ name, program, order }: Contestant): Contestant {
  return { name: `${name}, noDelay`, program, order: { ...order, noDelay: true } };
}
