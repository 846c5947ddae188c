import { assertEquals, assertFalse, assertStringIncludes, assertThrows } from "@std/assert";
import { foundResult, foundResults } from "./_results.ts";
import { drawChart } from "./chart.ts";

const DECODERS = { "mqtt-packet": [60], "SAP xb-msg": [12], owned: [6], lazy: [3], cursor: [1] };
const ENCODERS = { "mqtt-packet": [60], "SAP xb-msg": [30], encodePacket: [6], PacketWriter: [2] };
const RESULTS = foundResults([
  ...[
    "QoS 0, 64 B, one topic",
    "QoS 0, 64 B, 100 topics",
    "QoS 0, 64 B, every topic new",
    "QoS 1, 64 B",
    "QoS 0, 64 B, random fragments",
    "QoS 0, 1 KiB",
  ].map((name) => foundResult(["decode", name], DECODERS)),
  ...["QoS 0, 64 B, one topic", "QoS 1, 64 B", "QoS 0, 1 KiB"]
    .map((name) => foundResult(["encode", name], ENCODERS)),
]);

Deno.test("drawChart() draws bars as long as the ratios", () => {
  const svg = drawChart(RESULTS);
  const widths = [...svg.matchAll(/width="([\d.]+)" height="11"\/><text class="small"/g)];
  const longest = Math.max(...widths.map(([, width]) => Number(width)));
  const ratios = widths.map(([, width]) => Math.round(60 * Number(width) / longest));
  assertEquals(ratios.slice(0, 5), [5, 10, 20, 60, 5]);
  assertEquals(ratios.slice(-3), [2, 10, 30]);
});

Deno.test("drawChart() says everything as text, with a title, and runs nothing", () => {
  const svg = drawChart(RESULTS);
  assertStringIncludes(svg, '<title id="title">Times as fast as mqtt-packet</title>');
  assertStringIncludes(svg, "QoS 1, 64 B: SAP xb-msg 5.00, owned 10.0, lazy 20.0, cursor 60.0.");
  assertStringIncludes(svg, "Abacus &lt;5>");
  assertStringIncludes(svg, "prefers-color-scheme: dark");
  assertFalse(/<script|href|on\w+=/.test(svg));
});

Deno.test("drawChart() refuses results that lack something", () => {
  assertThrows(() => drawChart(foundResults([])), Error, "lack");
});
