import { HubwireError } from "../errors.ts";
import type { Clock } from "./clock.ts";
import type { Message, MessageHandler } from "./message.ts";
import { type Measured, Meters, type Readings } from "./meters.ts";
import {
  type Attributes,
  findOpenTelemetry,
  type Histogram,
  type Span,
  type SpanOptions,
  type Tracer,
} from "./open_telemetry.ts";
import { redactTopic } from "./redact.ts";
import type { CheckedOptions, SubscribeOptions } from "./mqtt_client_options.ts";
import type { ClientState } from "./state.ts";

/** As OpenTelemetry numbers them. */
const KIND = { client: 2, producer: 3, consumer: 4 } as const;
const FAILED = 2;

/** What all clients of this process share. */
interface Shared {
  tracer: Tracer;
  meters: Meters;
}

/** `undefined` as long as nobody has asked, `null` where OpenTelemetry is off. */
let shared: Shared | null | undefined;

/** Something that takes a while. */
interface Operation {
  name: string;
  kind: number;
  /** Of the span and of its duration; what varies with every message is not among them. */
  attributes: Attributes;
  /** Of the span only. */
  details?: Attributes;
  /** Whether it begins a trace of its own, whatever is active. */
  root?: boolean;
  duration: Histogram;
}

/** Where a client dials, and by which clock it lives. */
type Surroundings = Pick<CheckedOptions, "transport" | "clock">;

/** Spans and metrics of one client. */
export class ClientTelemetry {
  readonly #tracer: Tracer;
  readonly #meters: Meters;
  readonly #readings: Readings;
  readonly #clock: Clock;
  /** Of every span and every number. */
  readonly #attributes: Attributes;
  readonly #traced = new WeakMap<MessageHandler, MessageHandler>();

  private constructor(
    { tracer, meters }: Shared,
    { transport, clock, client }: Surroundings & { client: Measured },
  ) {
    this.#tracer = tracer;
    this.#meters = meters;
    this.#clock = clock;
    this.#attributes = { "messaging.system": "mqtt", ...serverOf(transport.address) };
    this.#readings = meters.of(client, this.#attributes);
  }

  /** Of a client; `undefined` where OpenTelemetry is off, and nothing else happens then. */
  static of(client: Measured, surroundings: Surroundings): ClientTelemetry | undefined {
    if (shared === undefined) {
      const found = findOpenTelemetry();
      shared = found ? { tracer: found.tracer, meters: new Meters(found.meter) } : null;
    }
    return shared ? new ClientTelemetry(shared, { ...surroundings, client }) : undefined;
  }

  /** The client has passed to another state. */
  changed(state: ClientState): void {
    if (state === "transportConnecting") this.#readings.begin();
    if (state === "disconnected") this.#readings.end();
  }

  /** An attempt at a connection. One that nobody asked for begins a trace. */
  connecting<R>(
    { address, isRetry }: { address: string; isRetry: boolean },
    work: () => Promise<R>,
  ): Promise<R> {
    const operation = {
      name: "connect",
      kind: KIND.client,
      attributes: {
        ...serverOf(address),
        "messaging.operation.name": "connect",
        "mqtt.client.reconnect": isRetry,
      },
      root: isRetry,
      duration: this.#meters.operation,
    };
    return this.#tracer.startActiveSpan(
      operation.name,
      this.#optionsOf(operation),
      (span) => this.#follow(work(), { span, operation }),
    );
  }

  /** A publish at QoS 1 or 2, until its acknowledgement, or until it is stored if that is enough. */
  publishing<R>(
    message: { topic: string; payload: Uint8Array; qos: number },
    work: () => Promise<R>,
  ): Promise<R> {
    const operation = {
      name: "publish",
      kind: KIND.producer,
      attributes: { "messaging.operation.name": "publish", "messaging.operation.type": "send" },
      details: detailsOf(message),
      duration: this.#meters.operation,
    };
    const span = this.#tracer.startSpan(operation.name, this.#optionsOf(operation));
    return this.#follow(work(), { span, operation });
  }

  /** The same with a handler whose calls are spans: each begins a trace, and what the handler does is below it. */
  traced(options: SubscribeOptions): SubscribeOptions {
    const { handler } = options;
    return handler ? { ...options, handler: this.#tracedHandler(handler) } : options;
  }

  /** For one handler always the same one. */
  #tracedHandler(handler: MessageHandler): MessageHandler {
    const before = this.#traced.get(handler);
    if (before) return before;
    const traced = (message: Message) => this.#handle(handler, message);
    this.#traced.set(handler, traced);
    return traced;
  }

  #handle(handler: MessageHandler, message: Message): Promise<void> {
    const operation = {
      name: "process",
      kind: KIND.consumer,
      attributes: { "messaging.operation.name": "process", "messaging.operation.type": "process" },
      details: detailsOf(message),
      // The active span is that in which the program once connected.
      root: true,
      duration: this.#meters.process,
    };
    return this.#tracer.startActiveSpan(
      operation.name,
      this.#optionsOf(operation),
      (span) => this.#follow((async () => await handler(message))(), { span, operation }),
    );
  }

  #optionsOf({ kind, attributes, details, root = false }: Operation): SpanOptions {
    return { kind, root, attributes: { ...this.#attributes, ...attributes, ...details } };
  }

  async #follow<R>(
    work: Promise<R>,
    { span, operation }: { span: Span; operation: Operation },
  ): Promise<R> {
    const start = this.#clock.now();
    let failure: Attributes = {};
    try {
      return await work;
    } catch (error) {
      failure = { "error.type": kindOf(error) };
      span.setAttributes(failure);
      // What others throw may tell what is secret.
      const message = error instanceof HubwireError ? error.message : "";
      span.setStatus({ code: FAILED, message });
      throw error;
    } finally {
      span.end();
      const attributes = { ...this.#attributes, ...operation.attributes, ...failure };
      operation.duration.record((this.#clock.now() - start) / 1000, attributes);
    }
  }
}

function kindOf(error: unknown): string {
  if (error instanceof HubwireError) return error.code;
  return error instanceof Error ? error.name : typeof error;
}

function detailsOf(
  { topic, payload, qos }: { topic: string; payload: Uint8Array; qos: number },
): Attributes {
  return {
    "messaging.destination.name": redactTopic(topic),
    "messaging.message.body.size": BigInt(payload.length),
    "mqtt.qos": BigInt(qos),
  };
}

/** Brackets around an IPv6 address are no part of it. */
function serverOf(address: string): Attributes {
  const [, host = address, port] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  return {
    "server.address": host,
    ...port === undefined ? {} : { "server.port": BigInt(port) },
  };
}
