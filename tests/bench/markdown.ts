/** A table as `deno fmt` leaves it. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) => {
    const cells = [head, ...rows.map((row) => row[column] ?? "")];
    return Math.max(3, ...cells.map(({ length }) => length));
  });
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  return [heads, rule, ...rows].map(line).join("\n") + "\n";
}

/**
 * A document with another text between two marks of it.
 *
 * @throws {RangeError} If it does not have the marks.
 */
export function replaceBetween(document: string, mark: string, text: string): string {
  const [before, rest] = splitOnce(document, `<!-- ${mark} -->`);
  const [, after] = splitOnce(rest, `<!-- end of ${mark} -->`);
  return `${before}<!-- ${mark} -->\n\n${text}\n<!-- end of ${mark} -->${after}`;
}

function splitOnce(text: string, mark: string): [before: string, after: string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new RangeError(`Cannot find ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
