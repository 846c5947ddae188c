import type { ClientResults } from "./client/results.ts";
import type { OutboxResults } from "./outbox_report.ts";
import type { Results } from "./results.ts";

/** What was measured, by the ends of the names of its files. */
interface Kinds {
  codec: Results;
  client: ClientResults;
  outbox: OutboxResults;
}

/** Fewer rounds say too little to be quoted. */
const FEWEST_ROUNDS = 7;

/**
 * The committed results of one kind of the latest date, and their file.
 *
 * @throws {RangeError} If they may not be quoted: too few rounds, a quick run, or part of the workloads.
 */
export async function newestResults<K extends keyof Kinds>(
  folder: URL,
  kind: K,
): Promise<{ name: string; results: Kinds[K] }> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    const [, measured] = /^\d{4}-\d\d-\d\d-(\w+)\.json$/.exec(name) ?? [];
    if (measured === kind) names.push(name);
  }
  const name = names.toSorted().at(-1);
  if (name === undefined) throw new RangeError("There are no results");
  const results: Kinds[K] = JSON.parse(await Deno.readTextFile(new URL(name, folder)));
  const { rounds, command } = results;
  if (rounds < FEWEST_ROUNDS || /--(quick|only)/.test(command)) {
    throw new RangeError(`Cannot quote ${name}: ${rounds} rounds of ${command}`);
  }
  return { name, results };
}
