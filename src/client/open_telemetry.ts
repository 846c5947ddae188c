/**
 * Deno's own OpenTelemetry, which is there when `OTEL_DENO=true` is. It speaks the interface of `@opentelemetry/api`,
 * of which this is what a client needs.
 */

/** What is said of a span or a number. A `bigint` is exported as an integer, a `number` as a floating-point one. */
export type Attributes = Readonly<Record<string, string | number | bigint | boolean>>;

export interface Span {
  setAttributes(attributes: Attributes): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  end(): void;
}

export interface SpanOptions {
  kind: number;
  attributes: Attributes;
  /** Whether it begins a trace, whatever is active. */
  root?: boolean;
}

export interface Tracer {
  startSpan(name: string, options: SpanOptions): Span;
  /** Calls back with the span as the parent of what is begun there. */
  startActiveSpan<R>(name: string, options: SpanOptions, work: (span: Span) => R): R;
}

/** Takes what is to be added. */
export interface Counter {
  add(value: number, attributes: Attributes): void;
}

export interface Histogram {
  record(value: number, attributes: Attributes): void;
}

interface Description {
  description: string;
  unit: string;
  advice?: { explicitBucketBoundaries: readonly number[] };
}

type Observable = Readonly<Record<never, never>>;

interface Collection {
  observe(instrument: Observable, value: number, attributes: Attributes): void;
}

export interface Meter {
  createCounter(name: string, description: Description): Counter;
  createUpDownCounter(name: string, description: Description): Counter;
  createHistogram(name: string, description: Description): Histogram;
  createObservableUpDownCounter(name: string, description: Description): Observable;
  addBatchObservableCallback(
    callback: (collection: Collection) => void,
    instruments: readonly Observable[],
  ): void;
}

/** Who makes spans, and who makes instruments. */
export interface OpenTelemetry {
  tracer: Tracer;
  meter: Meter;
}

const SCOPE = "@hubwire/hubwire";

/** Looks once: it does not change while a process runs. */
export function findOpenTelemetry(): OpenTelemetry | undefined {
  try {
    const { tracerProvider, meterProvider } = Deno.telemetry;
    // Where it is off this throws. Elsewhere than in Deno there is nothing to ask.
    const meter = meterProvider.getMeter(SCOPE);
    return { tracer: tracerProvider.getTracer(SCOPE), meter };
  } catch {
    return undefined;
  }
}
