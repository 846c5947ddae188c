/** Wildcards in UTF-8 (section 4.7.1). */

const PLUS = 0x2b;
const SLASH = 0x2f;
const HASH = 0x23;

/** Index of the first `+` or `#`, or `end`. */
export function findWildcard(view: DataView, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    if (view.getUint8(at) === PLUS || view.getUint8(at) === HASH) return at;
  }
  return end;
}

/** Index of the first wildcard that is not a whole level, or of a `#` that is not the last; else `end`. */
export function findMisplacedWildcard(view: DataView, start: number, end: number): number {
  for (let at = findWildcard(view, start, end); at < end; at = findWildcard(view, at + 1, end)) {
    const beginsLevel = at === start || view.getUint8(at - 1) === SLASH;
    const isLast = at + 1 === end;
    const endsLevel = isLast || isPlus(view, at) && view.getUint8(at + 1) === SLASH;
    if (!beginsLevel || !endsLevel) return at;
  }
  return end;
}

/** Whether the byte at `at` is `+`. */
export function isPlus(view: DataView, at: number): boolean {
  return view.getUint8(at) === PLUS;
}
