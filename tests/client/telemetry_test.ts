import { assert, assertEquals, assertFalse } from "@std/assert";
import type { ClientMetrics } from "../../src/client/mod.ts";
import { startBroker } from "../_kit/broker.ts";
import { type ExportedSpan, OtlpCollector } from "../_kit/otlp_collector.ts";

const SCOPE = "@hubwire/hubwire";
const PROGRAM = new URL("./_telemetry_program.ts", import.meta.url).pathname;

/** A port of 127.0.0.1 that nothing listens on. */
function closedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

interface Finished {
  lines: string[];
  metrics: ClientMetrics[];
  stderr: string;
  port: number;
}

/** Runs the program with no permission but the net; lets it end once `isEnough`. */
async function runProgram(
  env: Record<string, string>,
  { isEnough = () => Promise.resolve(), args = [] as string[] } = {},
): Promise<Finished> {
  await using broker = await startBroker();
  await using child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-net=127.0.0.1",
      ...args,
      PROGRAM,
      `${broker.port}`,
      `${closedPort()}`,
    ],
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await isEnough();
  await child.stdin.close();
  const output = await child.output();
  const [stdout, stderr] = [output.stdout, output.stderr].map((b) => new TextDecoder().decode(b));
  assertEquals(output.code, 0, stderr);
  const lines = `${stdout}`.trim().split("\n");
  return { lines, metrics: JSON.parse(lines.at(-1) ?? ""), stderr: `${stderr}`, port: broker.port };
}

function only<T>(items: T[], isIt: (item: T) => boolean): T {
  const found = items.filter(isIt);
  assertEquals(found.length, 1, Deno.inspect(items, { depth: 5 }));
  const [item] = found;
  if (item === undefined) throw new Error("Bug: there is one");
  return item;
}

const isAbout = (topic: string) => ({ attributes }: ExportedSpan) =>
  attributes["messaging.destination.name"] === topic;

Deno.test("MqttClient tells OpenTelemetry of connects, publishes and handled messages as spans", async () => {
  await using collector = new OtlpCollector(SCOPE);
  const { port, lines } = await runProgram(collector.env);
  assertEquals(lines.slice(0, 2), ["NETWORK_REFUSED", "a/0,a/1/token=hush,a/bad"]);
  const { spans } = collector;
  const server = {
    "messaging.system": "mqtt",
    "server.address": "127.0.0.1",
    "server.port": port,
  };
  const named = (name: string) => spans.filter((span) => span.name === name);

  const connects = named("connect");
  assertEquals(connects.map(({ kind, status }) => [kind, status.code]), [
    [3, 0],
    [3, 0],
    [3, 0],
    [3, 2],
  ]);
  assertEquals(connects[0]?.attributes, {
    ...server,
    "messaging.operation.name": "connect",
    "mqtt.client.reconnect": false,
  });
  const refused = connects[3];
  assertEquals(refused?.attributes["error.type"], "NETWORK_REFUSED");
  assert(refused?.status.message.includes("nothing listens"));

  // QoS 0 has no end to wait for.
  assertEquals(named("publish").length, 5);
  const published = only(named("publish"), isAbout("a/1/token=…"));
  assertEquals(published.kind, 4);
  assertEquals(published.attributes, {
    ...server,
    "messaging.operation.name": "publish",
    "messaging.operation.type": "send",
    "messaging.destination.name": "a/1/token=…",
    "messaging.message.body.size": 5,
    "mqtt.qos": 1,
  });
  const impossible = only(named("publish"), isAbout("a/+"));
  assertEquals([impossible.status, impossible.attributes["error.type"]], [
    { code: 2, message: "" },
    "TypeError",
  ]);

  const processed = only(named("process"), isAbout("a/1/token=…"));
  assertEquals([processed.kind, processed.parentSpanId], [5, ""]);
  assertEquals(processed.attributes, {
    ...server,
    "messaging.operation.name": "process",
    "messaging.operation.type": "process",
    "messaging.destination.name": "a/1/token=…",
    "messaging.message.body.size": 5,
    "mqtt.qos": 1,
  });
  // What a handler does is part of handling its message.
  const parents = named("publish").filter(isAbout("b")).map(({ parentSpanId }) => parentSpanId);
  assert(parents.includes(processed.spanId));
  const failed = only(named("process"), isAbout("a/bad"));
  assertEquals([failed.status, failed.attributes["error.type"]], [
    { code: 2, message: "" },
    "RangeError",
  ]);
  assertFalse(JSON.stringify(spans).includes("hush"));
});

Deno.test("MqttClient tells OpenTelemetry its numbers, once each, and those of two clients together", async () => {
  await using collector = new OtlpCollector(SCOPE);
  const connected = () =>
    collector.number("mqtt.client.count", { "mqtt.client.state": "connected" });
  const { metrics, port } = await runProgram({
    ...collector.env,
    OTEL_METRIC_EXPORT_INTERVAL: "50",
  }, { isEnough: () => collector.until(() => connected() === 2) });
  checkTotals(collector, { metrics, port });
});

Deno.test("MqttClient tells OpenTelemetry all numbers of a program that ends before anybody collects", async () => {
  await using collector = new OtlpCollector(SCOPE);
  const { metrics, port } = await runProgram(collector.env);
  checkTotals(collector, { metrics, port });
});

function checkTotals(
  collector: OtlpCollector,
  { metrics, port }: { metrics: ClientMetrics[]; port: number },
): void {
  const server = { "server.address": "127.0.0.1", "server.port": port };
  const sum = (name: keyof Omit<ClientMetrics, "outbox">) =>
    metrics.reduce((total, client) => total + client[name], 0);
  const [out, into] = [
    { ...server, "network.io.direction": "transmit" },
    { ...server, "network.io.direction": "receive" },
  ];
  const [first, again] = [
    { ...server, "mqtt.client.reconnect": false },
    { ...server, "mqtt.client.reconnect": true },
  ];
  const exported = {
    sent: collector.number("messaging.client.sent.messages", server),
    received: collector.number("messaging.client.consumed.messages", server),
    delivered: collector.number("mqtt.client.delivered.messages", server),
    resent: collector.number("mqtt.client.resent.packets", server),
    droppedOutgoing: collector.number("mqtt.client.dropped.messages", out),
    droppedIncoming: collector.number("mqtt.client.dropped.messages", into),
    connectAttempts: collector.number("mqtt.client.connection.attempts", first),
    reconnectAttempts: collector.number("mqtt.client.connection.attempts", again),
    connects: collector.number("mqtt.client.connections", first),
    reconnects: collector.number("mqtt.client.connections", again),
    packetsOut: collector.number("mqtt.client.packets", out),
    packetsIn: collector.number("mqtt.client.packets", into),
    bytesOut: collector.number("mqtt.client.io", out),
    bytesIn: collector.number("mqtt.client.io", into),
    inFlight: collector.number("mqtt.client.in_flight", server),
    waiting: collector.number("mqtt.client.waiting", server),
    queued: collector.number("mqtt.client.queued.messages", server),
  } as const;
  for (const [name, value] of Object.entries(exported)) {
    assertEquals(value, sum(name as keyof typeof exported), name);
  }
  assertEquals([exported.sent, exported.received, exported.connects], [5, 3, 3]);
  const durations = (operation: string) =>
    collector.number("messaging.client.operation.duration", {
      ...server,
      "messaging.operation.name": operation,
      "error.type": undefined,
    });
  assertEquals([durations("connect"), durations("publish")], [3, 4]);
  assertEquals(
    collector.number("messaging.process.duration", { ...server, "error.type": "RangeError" }),
    1,
  );
}

Deno.test("MqttClient does without OpenTelemetry where it is off, disabled, or throws when it is asked for", async () => {
  const thrower = "data:text/javascript," + encodeURIComponent(
    `Object.defineProperty(Deno, "telemetry", { get() { throw new TypeError("not here") } })`,
  );
  for (
    const [env, args] of [
      [{ OTEL_DENO: "false" }, []],
      [{ OTEL_DENO: "true", OTEL_SDK_DISABLED: "true" }, []],
      [{ OTEL_DENO: "false" }, [`--preload=${thrower}`]],
    ] as const
  ) {
    const { metrics, stderr } = await runProgram(env, { args: [...args] });
    assertEquals([metrics.map(({ connects }) => connects), stderr], [[1, 2], ""]);
  }
});
