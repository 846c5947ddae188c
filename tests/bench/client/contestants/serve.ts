import { cpuUsage } from "node:process";
import { TextLineStream } from "../lines.ts";
import type { Answer, Order } from "../order.ts";

/** Does what each line of the standard input asks for, one after the other, and answers each with a line. */
export async function serve(perform: (order: Order) => Promise<Answer>): Promise<void> {
  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const line of lines) console.log(JSON.stringify(await perform(JSON.parse(line))));
}

/** Begins to measure; what it returns tells how long it took, and what it cost. */
export function startWatch(): () => Pick<Answer, "milliseconds" | "cpu"> {
  const before = cpuUsage();
  const begun = performance.now();
  return () => {
    const milliseconds = [performance.now() - begun];
    const { user, system } = cpuUsage(before);
    return { milliseconds, cpu: (user + system) / 1000 };
  };
}

/** Runs `action` so many times, at most `most` at once. */
export async function inParallel(
  { count, most }: { count: number; most: number },
  action: () => Promise<void>,
): Promise<void> {
  let begun = 0;
  await Promise.all(Array.from({ length: most }, async () => {
    while (begun++ < count) await action();
  }));
}
