/** A span as it was exported. */
export interface ExportedSpan {
  name: string;
  /** As OTLP numbers them: 3 client, 4 producer, 5 consumer. */
  kind: number;
  traceId: string;
  spanId: string;
  /** Empty where it begins a trace. */
  parentSpanId: string;
  attributes: Record<string, unknown>;
  status: { code: number; message: string };
}

/** The newest export of a number. */
export interface ExportedNumber {
  name: string;
  unit: string;
  attributes: Record<string, unknown>;
  /** Of a histogram: how many were recorded. */
  value: number;
  /** Of a histogram. */
  bounds?: number[];
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

interface Point {
  attributes: Attribute[];
  asDouble?: number;
  asInt?: string;
  count?: string;
  explicitBounds?: number[];
}

interface Metric {
  name: string;
  unit: string;
  sum?: { dataPoints: Point[] };
  gauge?: { dataPoints: Point[] };
  histogram?: { dataPoints: Point[] };
}

/** An endpoint for OTLP over HTTP with JSON, on 127.0.0.1; it keeps what one scope exports. */
export class OtlpCollector implements AsyncDisposable {
  readonly spans: ExportedSpan[] = [];
  /** The newest export. */
  numbers: ExportedNumber[] = [];
  readonly #scope: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #exported = Promise.withResolvers<void>();

  constructor(scope: string) {
    this.#scope = scope;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => this.#take(request),
    );
  }

  /** What makes a Deno process export to it. */
  get env(): Record<string, string> {
    return {
      OTEL_DENO: "true",
      OTEL_DENO_CONSOLE: "ignore",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${this.#server.addr.port}`,
    };
  }

  /** The newest value of a number; `undefined` if there is none. */
  number(name: string, attributes: Record<string, unknown> = {}): number | undefined {
    return this.numbers.find((number) =>
      number.name === name &&
      Object.entries(attributes).every(([key, value]) => number.attributes[key] === value)
    )?.value;
  }

  /** Waits until what was exported is as it should be. */
  async until(isThere: () => boolean): Promise<void> {
    while (!isThere()) await this.#exported.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #take(request: Request): Promise<Response> {
    const { resourceSpans = [], resourceMetrics = [] } = await request.json();
    for (const { scopeSpans } of resourceSpans) {
      for (const { spans } of this.#own<{ spans: RawSpan[] }>(scopeSpans)) {
        this.spans.push(
          ...spans.map((span) => ({ ...span, attributes: plain(span.attributes) })),
        );
      }
    }
    for (const { scopeMetrics } of resourceMetrics) {
      const own = this.#own<{ metrics: Metric[] }>(scopeMetrics);
      if (own.length > 0) this.numbers = own.flatMap(({ metrics }) => metrics.flatMap(numbersOf));
    }
    this.#exported.resolve();
    this.#exported = Promise.withResolvers();
    return Response.json({});
  }

  #own<S>(scopes: (S & { scope: { name: string } })[]): S[] {
    return scopes.filter(({ scope }) => scope.name === this.#scope);
  }
}

type RawSpan = Omit<ExportedSpan, "attributes"> & { attributes: Attribute[] };

function numbersOf({ name, unit, ...kinds }: Metric): ExportedNumber[] {
  const { dataPoints } = kinds.sum ?? kinds.gauge ?? kinds.histogram ?? { dataPoints: [] };
  return dataPoints.map(({ attributes, asDouble, asInt, count, explicitBounds }) => ({
    name,
    unit,
    attributes: plain(attributes),
    value: asDouble ?? Number(asInt ?? count),
    ...explicitBounds ? { bounds: explicitBounds } : {},
  }));
}

function plain(attributes: Attribute[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.intValue === undefined ? Object.values(value)[0] : Number(value.intValue),
    ]),
  );
}
