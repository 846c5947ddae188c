import type { Results } from "./results.ts";

/** Fewer rounds say too little to be quoted. */
const FEWEST_ROUNDS = 7;

/**
 * The committed results of the latest date, and their file.
 *
 * @throws {RangeError} If they may not be quoted: too few rounds, a quick run, or part of the workloads.
 */
export async function newestResults(folder: URL): Promise<{ name: string; results: Results }> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (/^\d{4}-\d\d-\d\d-codec\.json$/.test(name)) names.push(name);
  }
  const name = names.toSorted().at(-1);
  if (name === undefined) throw new RangeError("There are no results");
  const results: Results = JSON.parse(await Deno.readTextFile(new URL(name, folder)));
  const { rounds, command } = results;
  if (rounds < FEWEST_ROUNDS || /--(quick|only)/.test(command)) {
    throw new RangeError(`Cannot quote ${name}: ${rounds} rounds of ${command}`);
  }
  return { name, results };
}
