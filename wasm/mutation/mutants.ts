/** One small change of a source: what somebody might get wrong. */
export interface Mutant {
  /** Path from the root of the repository. */
  file: string;
  /** Of the change, counted from 1. */
  line: number;
  /** The function that it is in; empty outside of any. */
  within: string;
  /** The line before and after. */
  before: string;
  after: string;
  /** All of the changed source. */
  source: string;
}

type Change = readonly [pattern: RegExp, replacement: string | ((found: string) => string)];

/** Operators, bounds, constants, dropped checks. */
const CHANGES: readonly Change[] = [
  [/ == /g, " != "],
  [/ != /g, " == "],
  [/ < /g, " <= "],
  [/ <= /g, " < "],
  [/ > /g, " >= "],
  [/ >= /g, " > "],
  [/ \+ /g, " - "],
  [/ - /g, " + "],
  [/ && /g, " || "],
  [/ \|\| /g, " && "],
  [/ << /g, " >> "],
  [/ >> /g, " << "],
  [/ & /g, " | "],
  [/ \| /g, " & "],
  [/ \+= /g, " -= "],
  [/\+\+/g, "--"],
  [/(?<=[(&|] ?)!(?=[a-z])/g, ""],
  [/\breturn fail\(/g, "return !fail("],
  [/\bif \((?=.*return)/g, "if (false && "],
  [/(?<![\w.])0x[0-9a-f_]+\b(?!n)/g, (found) => `${found} + 1`],
  [/(?<![\w.#])\d+\b(?![\w.]|\s*=>)/g, (found) => `${Number(found) + 1}`],
];

/** Every mutant of a source, in order. Comments, imports and attributes stay as they are. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const lines = source.split("\n");
  const mutants: Mutant[] = [];
  for (const [index, line] of lines.entries()) {
    if (!isCode(line, lines, index)) continue;
    const code = line.replace(/\s*\/\/.*$/, "");
    for (const after of changesOf(code)) {
      const changed = lines.with(index, after).join("\n");
      mutants.push({
        file,
        line: index + 1,
        within: functionAround(lines, index),
        before: code.trim(),
        after: after.trim(),
        source: changed,
      });
    }
  }
  return mutants;
}

function isCode(line: string, lines: string[], index: number): boolean {
  const text = line.trim();
  if (text === "" || /^(\/\/|\/\*|\*|@|import |\} from |export \{)/.test(text)) return false;
  // Names in a list of imports.
  return !/^[\w]+,$/.test(text) &&
    !lines.slice(0, index + 1).join("\n").match(/(^|\n)(import|export) \{[^}]*$/);
}

function functionAround(lines: string[], index: number): string {
  if (!/^\s/.test(lines[index] ?? "")) return "";
  const head = lines.slice(0, index).findLast((line) => FUNCTION.test(line)) ?? "";
  return FUNCTION.exec(head)?.[1] ?? "";
}

const FUNCTION = /^(?:export )?function (\w+)/;

function* changesOf(line: string): Generator<string> {
  for (const [pattern, replacement] of CHANGES) {
    for (const { 0: found, index } of line.matchAll(pattern)) {
      const changed = typeof replacement === "string" ? replacement : replacement(found);
      yield line.slice(0, index) + changed + line.slice(index + found.length);
    }
  }
}
