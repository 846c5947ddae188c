/**
 * The chart of the README: how many times as fast as `mqtt-packet`, as bars.
 *
 * Plain SVG, readable on a light and on a dark page: it brings its ground with it, of the colour that the reader prefers.
 */

import { figure } from "./report.ts";
import type { Results } from "./results.ts";
import type { Group } from "./workload.ts";

const BASELINE = "mqtt-packet";

interface Panel {
  group: Group;
  title: string;
  /** From slow to fast; each has the colour of its place, the last ones. */
  contestants: readonly string[];
  workloads: readonly string[];
}

const PANELS: readonly Panel[] = [
  {
    group: "decode",
    title: "Decode",
    contestants: ["SAP xb-msg", "owned", "lazy", "cursor"],
    workloads: [
      "QoS 0, 64 B, one topic",
      "QoS 0, 64 B, 100 topics",
      "QoS 0, 64 B, every topic new",
      "QoS 1, 64 B",
      "QoS 0, 64 B, random fragments",
      "QoS 0, 1 KiB",
    ],
  },
  {
    group: "encode",
    title: "Encode",
    contestants: ["SAP xb-msg", "encodePacket", "PacketWriter"],
    workloads: ["QoS 0, 64 B, one topic", "QoS 1, 64 B", "QoS 0, 1 KiB"],
  },
];

const WIDTH = 780;
const MARGIN = 24;
/** Where the bars begin, and how long the longest may be. */
const BARS = { left: 246, width: 470 };
const BAR = 13;
const GAP = 14;
const HEAD = 74;
const PANEL_HEAD = 50;

const STYLE = `
  .ground { fill: #ffffff } text { fill: #1f2328; font: 13px system-ui, sans-serif }
  .title { font-size: 18px; font-weight: 600 } .panel { font-size: 15px; font-weight: 600 }
  .small { font-size: 11px; fill: #59636e } .end { text-anchor: end } .middle { text-anchor: middle }
  .grid { stroke: #d1d9e0 } .c0 { fill: #9198a1 } .c1 { fill: #80ccff } .c2 { fill: #218bff } .c3 { fill: #0a3069 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 } text { fill: #e6edf3 } .small { fill: #9198a1 } .grid { stroke: #3d444d }
    .c0 { fill: #656c76 } .c1 { fill: #1158c7 } .c2 { fill: #388bfd } .c3 { fill: #b6e3ff }
  }
`;

export function drawChart(results: Results): string {
  const rows = PANELS.map((panel) => panelRows(panel, results));
  const longest = Math.max(...rows.flat().flatMap(({ ratios }) => ratios));
  const scale = BARS.width / longest;
  let top = HEAD;
  const panels = PANELS.map((panel, index) => {
    const drawn = drawPanel(panel, { rows: rows[index] ?? [], top, scale });
    top += drawn.height;
    return drawn.svg;
  });
  const height = top + MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">Times as fast as mqtt-packet</title>
<desc id="desc">${escape(inWords(rows.flat()))}</desc>
<style>${STYLE}</style>
<rect class="ground" width="${WIDTH}" height="${height}" rx="6"/>
<text class="title" x="${MARGIN}" y="34">Times as fast as mqtt-packet, the codec of MQTT.js</text>
<text class="small" x="${MARGIN}" y="54">${escape(origin(results))}</text>
${panels.join("\n")}
</svg>
`;
}

/** What is asked of one workload. */
interface Row {
  label: string;
  contestants: readonly string[];
  ratios: number[];
}

function panelRows({ group, contestants, workloads }: Panel, results: Results): Row[] {
  return workloads.map((name) => {
    const workload = results.workloads.find((one) => one.group === group && one.name === name);
    const ratios = contestants.map((contestant) => {
      const found = workload?.contestants.find((one) => one.name === contestant);
      const ratio = found?.ratios[BASELINE]?.median;
      if (ratio === undefined) {
        throw new Error(`The results lack ${contestant} on ${group} ${name}`);
      }
      return ratio;
    });
    return { label: name, contestants, ratios };
  });
}

function drawPanel(
  { title, contestants }: Panel,
  { rows, top, scale }: { rows: readonly Row[]; top: number; scale: number },
): { svg: string; height: number } {
  const rowHeight = contestants.length * BAR + GAP;
  const height = PANEL_HEAD + rows.length * rowHeight;
  const bottom = top + height - GAP;
  const bars = rows.map((row, index) =>
    drawRow(row, { top: top + PANEL_HEAD + index * rowHeight, scale })
  );
  const head = `<text class="panel" x="${MARGIN}" y="${top + 30}">${title}</text>`;
  const legend = drawLegend(contestants, top + 30);
  return { svg: [head, legend, drawGrid({ top, bottom, scale }), ...bars].join("\n"), height };
}

function drawLegend(contestants: readonly string[], y: number): string {
  return contestants.map((name, index) => {
    const x = BARS.left + index * 124;
    return `<rect class="${colour(index, contestants)}" x="${x}" y="${
      y - 10
    }" width="11" height="11"/>` +
      `<text x="${x + 17}" y="${y}">${escape(name)}</text>`;
  }).join("\n");
}

/** A line every ten times. */
function drawGrid({ top, bottom, scale }: { top: number; bottom: number; scale: number }): string {
  const lines: string[] = [];
  for (let ratio = 0; ratio * scale <= BARS.width; ratio += 10) {
    const x = round(BARS.left + ratio * scale);
    lines.push(`<path class="grid" d="M${x} ${top + 40}V${bottom + 6}"/>`);
    lines.push(`<text class="small middle" x="${x}" y="${bottom + 18}">${ratio}</text>`);
  }
  return lines.join("\n");
}

function drawRow(
  { label, contestants, ratios }: Row,
  { top, scale }: { top: number; scale: number },
): string {
  const middle = top + contestants.length * BAR / 2;
  const bars = ratios.map((ratio, index) => {
    const y = top + index * BAR;
    const width = round(ratio * scale);
    return `<rect class="${
      colour(index, contestants)
    }" x="${BARS.left}" y="${y}" width="${width}" height="${BAR - 2}"/>` +
      `<text class="small" x="${round(BARS.left + width + 5)}" y="${y + BAR - 3}">${
        figure(ratio)
      }</text>`;
  });
  return [
    `<text class="end" x="${BARS.left - 12}" y="${middle + 4}">${escape(label)}</text>`,
    ...bars,
  ].join("\n");
}

/** SAP's is grey, and the fastest of ours has the strongest colour. */
function colour(index: number, contestants: readonly string[]): string {
  return `c${index === 0 ? 0 : 4 - contestants.length + index}`;
}

function inWords(rows: readonly Row[]): string {
  return rows.map(({ label, contestants, ratios }) =>
    `${label}: ${
      contestants.map((name, index) => `${name} ${figure(ratios[index] ?? NaN)}`).join(", ")
    }`
  ).join(". ");
}

function origin({ date, rounds, machine, versions }: Results): string {
  return `Medians of ${rounds} interleaved rounds, ${date}; Deno ${versions.deno}, ${machine.processor}, ${machine.cores} cores`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
