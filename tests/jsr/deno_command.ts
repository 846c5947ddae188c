import { assertEquals } from "@std/assert";
import type { LoopbackRegistry } from "./registry.ts";

/** What a program did. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs Deno itself. */
export async function deno(
  args: string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1", ...env },
  }).output();
  return {
    code,
    stdout: new TextDecoder().decode(stdout),
    stderr: new TextDecoder().decode(stderr),
  };
}

/** Publishes the package in a folder, for real, to a registry of ours. */
export async function publish(registry: LoopbackRegistry, folder: string): Promise<void> {
  const { code, stderr } = await deno(["publish", `--token=${registry.token}`, "--allow-dirty"], {
    cwd: folder,
    env: { JSR_URL: registry.url },
  });
  assertEquals(code, 0, stderr);
}
