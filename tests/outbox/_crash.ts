/** How often the tests kill; `CRASHES=200 deno test -A tests/outbox` does it more often. */
export const CRASHES: number = Number(Deno.env.get("CRASHES") ?? 20);

/**
 * Lets a program (`args`: its file and its arguments) work until it has said so much, and kills it in the midst of its
 * work. Every whole line that it wrote is noted.
 */
export async function crash(
  args: string[],
  { bytes, note }: { bytes: number; note: (line: string) => void },
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--unstable-kv", "--quiet", ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let isKilled = false;
  let rest = "";
  let count = 0;
  const decoder = new TextDecoder();
  // What it wrote before its end is read to the end.
  for await (const chunk of child.stdout) {
    count += chunk.length;
    if (count >= bytes && !isKilled) {
      isKilled = true;
      child.kill("SIGKILL");
    }
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) note(line);
  }
  const { signal } = await child.status;
  if (!isKilled || signal !== "SIGKILL") throw new Error(`The program ended by itself (${signal})`);
}
