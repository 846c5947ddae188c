/** What a figure depends on besides the code. */
export interface Machine {
  system: string;
  /** As the system calls it, where it tells. */
  processor: string;
  cores: number;
  memoryGiB: number;
  /** How many programs wanted to run when it began: more than there are cores is too many. */
  load: number;
}

export async function describeMachine(): Promise<Machine> {
  return {
    system: `${Deno.build.os} ${Deno.build.arch}`,
    processor: await processorName(),
    cores: navigator.hardwareConcurrency,
    memoryGiB: Math.round(Deno.systemMemoryInfo().total / 2 ** 30),
    load: Number(Deno.loadavg()[0]?.toFixed(2)),
  };
}

async function processorName(): Promise<string> {
  try {
    const info = await Deno.readTextFile("/proc/cpuinfo");
    return /^model name\s*:\s*(.*)$/m.exec(info)?.[1] ?? "unknown";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "unknown";
    throw error;
  }
}

/** The versions of the runtime, and of these packages as deno.json pins them. */
export function versionsOf(
  imports: Record<string, string>,
  packages: readonly string[],
): Record<string, string> {
  const { deno, v8 } = Deno.version;
  const pinned = packages.map((name) => [name, imports[name]?.split("@").at(-1) ?? "unknown"]);
  return { deno, v8, ...Object.fromEntries(pinned) };
}
