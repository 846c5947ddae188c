/**
 * Finds the process that has a file locked, where the system tells: on Linux, and only if this program may
 * do everything, as Deno asks for `/proc`. Anywhere else the answer is `undefined`.
 */
export async function findLockHolder(inode: number | null): Promise<number | undefined> {
  const table = await lockTable();
  // 1: FLOCK  ADVISORY  WRITE 4711 fe:00:2147851 0 EOF
  const held = new RegExp(` (?:FLOCK|POSIX) .* (\\d+) [0-9a-f]+:[0-9a-f]+:${inode} `);
  const holder = held.exec(table)?.[1];
  return holder === undefined ? undefined : Number(holder);
}

async function lockTable(): Promise<string> {
  try {
    return await Deno.readTextFile("/proc/locks");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return "";
    throw error;
  }
}
