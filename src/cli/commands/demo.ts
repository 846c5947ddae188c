import { isGranted } from "../../credentials/permission.ts";
import { PermissionError } from "../../errors.ts";
import { type Command, defineCommand } from "../command.ts";
import type { DemoStep, DemoTally, PlayDemo } from "../demo/demo_step.ts";
import { tellStep } from "../demo/tell_step.ts";
import type { Io } from "../io.ts";
import { paintFor } from "../paint.ts";
import { PROGRAM } from "../program_name.ts";

/** Shows the whole job with nothing installed. */
export const demo: Command = defineCommand({
  name: "demo",
  summary: "the whole job on this machine: a hub, a PFX, a sealed store, telemetry and answers",
  examples: ["demo", "demo --json"],
  sections: {},
  remarks: [
    "It listens on 127.0.0.1 only, and leaves nothing behind. The last line of --json is",
    `{"ok":true,"sent":n,"acknowledged":n,"received":n}.`,
  ],
  async action(flags, io) {
    await requireAccess();
    const { playDemo } = await loadDemo();
    const steps = playDemo(io.interrupted);
    await (flags.has("json") ? tellAsJson(steps, io) : tellInWords(steps, io));
  },
});

/** The demo brings a broker with it, listens and has a folder of its own: all of that asks for more than a name. */
async function requireAccess(): Promise<void> {
  const missing: string[] = [];
  for (const name of ["read", "write", "net", "env"] as const) {
    if (!await isGranted({ name })) missing.push(name);
  }
  if (missing.length === 0) return;
  throw new PermissionError(missing.map((name) => `--allow-${name}`).join(" "), {
    what: "Cannot play the demo",
    why: `Deno was started without permission for ${missing.join(", ")}`,
  });
}

/** The hub brings a broker with it. Computed, so that no other command has to fetch that. */
async function loadDemo(): Promise<{ playDemo: PlayDemo }> {
  // deno-lint-ignore hubwire/computed-import -- a literal is fetched by every command, used or not
  return await import(new URL("../demo/play_demo.ts", import.meta.url).href);
}

async function tellAsJson(steps: AsyncIterable<DemoStep>, io: Io): Promise<void> {
  const tally = await countWhile(steps, io, {
    tell: (step, ms) => io.print(JSON.stringify({ ...step, ms })),
  });
  io.print(JSON.stringify({ ok: true, ...tally }));
}

async function tellInWords(steps: AsyncIterable<DemoStep>, io: Io): Promise<void> {
  const { good, faint } = paintFor(io);
  const started = performance.now();
  io.print("A device, its certificate and a hub, all on this machine\n");
  await countWhile(steps, io, {
    tell: (step, ms) => {
      const { done, details } = tellStep(step);
      io.print(`  ${good("✓")} ${done.padEnd(62)} ${faint(`${ms} ms`.padStart(8))}`);
      for (const detail of details) io.print(faint(`      ${detail}`));
    },
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  io.print(`\nIt works: ${seconds} s in all. With a hub and a PFX of your own:\n`);
  io.print(`  ${PROGRAM} store add device.pfx --host YOUR-HUB.azure-devices.net`);
  io.print(`  ${PROGRAM} send -h YOUR-HUB.azure-devices.net -m '{"temperature":21.5}'`);
}

/** Tells each step with the time that it took, and counts the messages. */
async function countWhile(
  steps: AsyncIterable<DemoStep>,
  io: Io,
  { tell }: { tell: (step: DemoStep, ms: number) => void },
): Promise<DemoTally> {
  const tally: DemoTally = { sent: 0, acknowledged: 0, received: 0 };
  let before = performance.now();
  for await (const step of steps) {
    io.interrupted.throwIfAborted();
    const now = performance.now();
    tell(step, Math.round(now - before));
    before = now;
    if (step.step === "telemetry") {
      tally.sent = step.sent.length;
      tally.acknowledged = step.acknowledged;
    }
    if (step.step === "cloud") tally.received = step.received.length;
  }
  return tally;
}
