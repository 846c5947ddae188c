const LINE_FEED = 10;

/**
 * The lines of a stream as they come, without their line feeds, none held back longer than needed. A last line
 * without a line feed counts; the signal ends the stream.
 */
export async function* readLines(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  const cancel = () => void reader.cancel();
  signal.addEventListener("abort", cancel);
  let parts: Uint8Array[] = [];
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read();
      if (done) break;
      let start = 0;
      for (let end = value.indexOf(LINE_FEED); end >= 0; end = value.indexOf(LINE_FEED, start)) {
        yield join([...parts, value.subarray(start, end)]);
        parts = [];
        start = end + 1;
      }
      if (start < value.length) parts.push(value.subarray(start));
    }
    if (parts.length > 0 && !signal.aborted) yield join(parts);
  } finally {
    signal.removeEventListener("abort", cancel);
    await reader.cancel();
  }
}

/** A copy in every case: the stream may use its memory again. */
function join(parts: Uint8Array[]): Uint8Array {
  const line = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    line.set(part, at);
    at += part.length;
  }
  return line;
}
