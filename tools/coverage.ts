/** How much of one file the tests ran. */
export interface FileCoverage {
  lines: Tally;
  branches: Tally;
}

/** How many of something there are, and the lines where it was not run. */
export interface Tally {
  found: number;
  missed: number[];
}

/** Reads a coverage report in LCOV format; the files by the path that stands there. */
export function parseLcov(report: string): Map<string, FileCoverage> {
  const files = new Map<string, FileCoverage>();
  let file: FileCoverage = emptyCoverage();
  for (const line of report.split("\n")) {
    const [key, value = ""] = splitOnce(line, ":");
    if (key === "SF") files.set(value, file = emptyCoverage());
    if (key === "DA") count(file.lines, value);
    if (key === "BRDA") count(file.branches, value);
  }
  return files;
}

/** The share that was run, in per cent; what has no branches has all of them run. */
export function percentage({ found, missed }: Tally): number {
  return found === 0 ? 100 : 100 * (found - missed.length) / found;
}

/** Line numbers as people write them: `3, 7-9`. Each once, whatever number of branches it has. */
export function lineRanges(lines: readonly number[]): string {
  const ranges: [from: number, to: number][] = [];
  for (const line of [...new Set(lines)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.[1] === line - 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges.map(([from, to]) => from === to ? `${from}` : `${from}-${to}`).join(", ");
}

/** `line,times` of DA or `line,block,branch,times` of BRDA; a branch never reached has `-` for times. */
function count(tally: Tally, value: string): void {
  const fields = value.split(",");
  const times = fields.at(-1);
  tally.found += 1;
  if (times === "0" || times === "-") tally.missed.push(Number(fields[0]));
}

function emptyCoverage(): FileCoverage {
  return { lines: { found: 0, missed: [] }, branches: { found: 0, missed: [] } };
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
