/**
 * What was promised and what came of it. A stream is a row of messages 1, 2, 3, … at one QoS on one topic, from one
 * sender to one receiver.
 */

/** What a run can hold a client to. */
export const PROMISES = {
  settle: "every call settles",
  arrive: "every message at QoS 1 and 2 that was reported delivered arrives",
  once: "no message at QoS 2 arrives twice",
  order: "the messages of a topic arrive in order, repetitions left out",
} as const;

/** The name of a promise. */
export type PromiseName = keyof typeof PROMISES;

/** A promise that was not kept. */
export interface Breach {
  promise: PromiseName;
  /** On which stream, and what happened. */
  text: string;
  /** Who sent, or was to settle. */
  client: string;
}

/** What a stream is about. */
export interface StreamOptions {
  qos: 0 | 1 | 2;
  /** Who is to blame. */
  client: string;
  /** Whether the broker between keeps the order and repeats nothing that it has released. Default true. */
  isOrderly?: boolean;
}

/** One row of messages. */
export class Stream {
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  readonly client: string;
  readonly isOrderly: boolean;
  #sent = 0;
  /** Those that were reported delivered. */
  readonly delivered: number[] = [];
  /** Those that came, as they came. */
  readonly arrived: number[] = [];

  constructor(topic: string, { qos, client, isOrderly = true }: StreamOptions) {
    this.topic = topic;
    this.qos = qos;
    this.client = client;
    this.isOrderly = isOrderly;
  }

  /** The number of the next message. */
  next(): number {
    return ++this.#sent;
  }
}

/** The streams of a run. */
export class Ledger {
  readonly #streams = new Map<string, Stream>();

  /** The stream of a topic, a new one if there is none. */
  open(topic: string, options: StreamOptions): Stream {
    const known = this.#streams.get(topic);
    if (known) return known;
    const stream = new Stream(topic, options);
    this.#streams.set(topic, stream);
    return stream;
  }

  /** A message came. */
  arrived(topic: string, number: number): void {
    this.#streams.get(topic)?.arrived.push(number);
  }

  /** Whether all that was reported delivered has come. */
  get isComplete(): boolean {
    return this.#streams.values().every((stream) => missing(stream).length === 0);
  }

  /** How many messages were reported delivered, and how many came. */
  get totals(): { delivered: number; arrived: number } {
    const streams = [...this.#streams.values()];
    const sum = (count: (stream: Stream) => number) =>
      streams.reduce((n, one) => n + count(one), 0);
    return {
      delivered: sum((one) => one.delivered.length),
      arrived: sum((one) => one.arrived.length),
    };
  }

  /** What was not kept, of these promises. */
  breaches(promises: ReadonlySet<PromiseName>): Breach[] {
    return [...this.#streams.values()].flatMap(breachesOf)
      .filter(({ promise }) => promises.has(promise));
  }
}

function breachesOf(stream: Stream): Breach[] {
  const { topic, qos, client } = stream;
  const found: Breach[] = [];
  const breach = (promise: PromiseName, text: string) =>
    found.push({ promise, client, text: `${topic} at QoS ${qos}: ${text}` });
  const lost = missing(stream);
  if (lost.length > 0) breach("arrive", `${list(lost)} reported delivered, never arrived`);
  if (!stream.isOrderly) return found;
  const twice = repeated(stream.arrived);
  if (qos === 2 && twice.length > 0) breach("once", `${list(twice)} arrived more than once`);
  const late = outOfOrder(stream.arrived);
  if (late) breach("order", `${late.number} arrived for the first time after ${late.after}`);
  return found;
}

/** At QoS 0 nothing is promised. */
function missing({ qos, delivered, arrived }: Stream): number[] {
  const came = new Set(arrived);
  return qos === 0 ? [] : delivered.filter((number) => !came.has(number));
}

function repeated(numbers: readonly number[]): number[] {
  const seen = new Set<number>();
  return numbers.filter((number) => seen.has(number) || !seen.add(number));
}

function outOfOrder(numbers: readonly number[]): { number: number; after: number } | undefined {
  let last = 0;
  for (const number of new Set(numbers)) {
    if (number < last) return { number, after: last };
    last = number;
  }
  return undefined;
}

function list(numbers: readonly number[]): string {
  const shown = numbers.slice(0, 5).map((number) => `#${number}`).join(", ");
  return numbers.length > 5 ? `${shown} and ${numbers.length - 5} more` : shown;
}
