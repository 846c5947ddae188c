/**
 * Plays the tables of malformed and unsolicited packets that mosquitto tests its client library with.
 *
 *     deno task test:mosquitto-data PATH [--write]
 *
 * PATH is the folder `test/lib/data` of a copy of mosquitto's sources. `--write` writes `docs/mosquitto-packets.md`.
 * It fails where the client does something else and `deviations.ts` does not say why.
 *
 * @module
 */

import { type Case, readCases } from "./cases.ts";
import { describe, judge, page, summary, type Verdict } from "./outcome_table.ts";
import { type Outcome, playCase } from "./play_case.ts";

const PAGE = new URL("../../docs/mosquitto-packets.md", import.meta.url);

/** Plays the cases of MQTT 3.1.1 in a folder. */
export async function playFolder(
  folder: string,
): Promise<{ outcomes: Outcome[]; verdict: Verdict }> {
  const cases = await readCases(folder);
  const isOurs = ({ version }: Case) => version === 4;
  const outcomes: Outcome[] = [];
  for (const one of cases.filter(isOurs)) outcomes.push(await playCase(one));
  return { outcomes, verdict: judge(outcomes, cases.length - outcomes.length) };
}

if (import.meta.main) {
  const [folder] = Deno.args.filter((arg) => !arg.startsWith("--"));
  if (folder === undefined) {
    console.error("Usage: deno task test:mosquitto-data PATH [--write]");
    Deno.exit(2);
  }
  const { outcomes, verdict } = await playFolder(folder);
  for (const outcome of verdict.unexplained) {
    const { name, closes } = outcome.case;
    console.error(
      `${name}: expected "${closes ? "closes" : "carries on"}", got "${describe(outcome)}"`,
    );
  }
  console.log(summary(verdict));
  if (Deno.args.includes("--write")) await Deno.writeTextFile(PAGE, page(outcomes, verdict));
  if (verdict.unexplained.length > 0) Deno.exit(1);
}
