/** How a child process ended, and what it wrote. */
export interface ProcessResult {
  /** The exit code; 128 and more means that a signal ended it. */
  code: number;
  /** What it wrote to standard output. */
  stdout: string;
  /** What it wrote to standard error. */
  stderr: string;
}

/** How to run a child process. */
export interface RunOptions {
  /** What it reads from standard input; nothing unless said otherwise. */
  stdin?: string | Uint8Array;
  /** Variables added to its environment. */
  env?: Record<string, string>;
  /** Its working folder. */
  cwd?: string;
  /** How long it may take; 20 seconds unless said otherwise. */
  timeoutMs?: number;
}

/**
 * Runs a program to its end and collects what it wrote.
 *
 * @throws {Error} If it takes longer than it may; it is killed then.
 */
export async function run(
  command: string[],
  options: RunOptions = {},
): Promise<ProcessResult> {
  const [program, ...args] = command;
  if (program === undefined) throw new TypeError("A command needs a program");
  const { timeoutMs = 20_000 } = options;
  const child = new Deno.Command(program, {
    args,
    stdin: options.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  }).spawn();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill("SIGKILL");
  }, timeoutMs);
  try {
    const feeding = options.stdin === undefined ? undefined : feed(child.stdin, options.stdin);
    const [{ code, stdout, stderr }] = await Promise.all([child.output(), feeding]);
    const result = { code, stdout: text(stdout), stderr: text(stderr) };
    if (isLate) throw new Error(`${program} took longer than ${timeoutMs} ms:\n${result.stderr}`);
    return result;
  } finally {
    clearTimeout(timer);
  }
}

/** Where a program is, or `undefined` if it is not on the PATH. */
export async function findTool(name: string): Promise<string | undefined> {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  // Debian puts servers where the PATH of a user often does not look.
  for (const folder of [...folders, "/usr/sbin"]) {
    const path = `${folder}/${name}`;
    if (await isFile(path)) return path;
  }
  return undefined;
}

/**
 * Where a program is that a test cannot do without.
 *
 * @throws {Error} If it is missing; the message says what to install.
 */
export async function requireTool(name: string, debianPackage: string): Promise<string> {
  const path = await findTool(name);
  if (path !== undefined) return path;
  throw new Error(`${name} is missing: install it with "apt-get install ${debianPackage}"`);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    // A folder of the PATH may be missing, no folder at all, or somebody else's.
    const { NotADirectory, NotFound, PermissionDenied } = Deno.errors;
    if ([NotADirectory, NotFound, PermissionDenied].some((kind) => error instanceof kind)) {
      return false;
    }
    throw error;
  }
}

// A program may well end without reading all of its input.
async function feed(
  stream: WritableStream<Uint8Array>,
  input: string | Uint8Array,
): Promise<void> {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const writer = stream.getWriter();
  try {
    await writer.write(bytes);
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
