import { requireTool } from "./processes.ts";
import type { TempFolder } from "./temp.ts";

/** How mosquitto is to speak TLS; all paths are of PEM files. */
export interface MosquittoTls {
  /** The authority whose clients it takes; others are refused. */
  cafile: string;
  certfile: string;
  keyfile: string;
  /** The only version that it speaks. */
  version?: "tlsv1.2" | "tlsv1.3";
}

/** A mosquitto of a test's own. */
export interface Mosquitto extends AsyncDisposable {
  /** Its port on 127.0.0.1. */
  port: number;
  /** What it has written so far. */
  log(): string;
  /** Waits until it has written this; false if it ends before. */
  waitFor(pattern: RegExp): Promise<boolean>;
}

/** What a mosquitto is to be beyond the usual. */
export interface MosquittoOptions {
  /** Writes only how it came up: for runs of many messages. */
  isQuiet?: boolean;
  /** More lines for its configuration. */
  lines?: readonly string[];
}

/**
 * Starts mosquitto on a free port of 127.0.0.1, with `require_certificate` where it speaks TLS, and waits until
 * it listens.
 */
export async function startMosquitto(
  folder: TempFolder,
  tls?: MosquittoTls,
  { isQuiet = false, lines = [] }: MosquittoOptions = {},
): Promise<Mosquitto> {
  const program = await requireTool("mosquitto", "mosquitto");
  const port = freePort();
  const path = await folder.write(
    `mosquitto-${port}.conf`,
    [
      ...configuration(port, tls),
      `log_type ${isQuiet ? "information" : "all"}`,
      ...lines,
      "",
    ].join("\n"),
  );
  const child = new Deno.Command(program, {
    args: isQuiet ? ["-c", path] : ["-c", path, "-v"],
    stdout: "null",
    stderr: "piped",
  })
    .spawn();
  const output = follow(child.stderr);
  const isUp = await output.waitFor(/mosquitto version \S+ running|Error/);
  if (!isUp || output.text().includes("Error")) throw new Error(`mosquitto:\n${output.text()}`);
  return {
    port,
    log: output.text,
    waitFor: output.waitFor,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await output.ended;
    },
  };
}

function configuration(port: number, tls: MosquittoTls | undefined): string[] {
  const lines = [
    `listener ${port} 127.0.0.1`,
    "allow_anonymous true",
    "log_dest stderr",
  ];
  // Started by root it would become a user who may not read the test's folder.
  lines.push("user root");
  if (tls) {
    lines.push(`cafile ${tls.cafile}`, `certfile ${tls.certfile}`, `keyfile ${tls.keyfile}`);
    lines.push("require_certificate true", "use_identity_as_username true");
    if (tls.version) lines.push(`tls_version ${tls.version}`);
  }
  return lines;
}

/** A port that was free a moment ago. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Reads a stream to its end, and tells when something has appeared in it. */
function follow(stream: ReadableStream<Uint8Array>) {
  let text = "";
  let check = () => {};
  const ended = (async () => {
    for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
      text += piece;
      check();
    }
  })();
  const waitFor = (pattern: RegExp) => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    check = () => pattern.test(text) && resolve(true);
    check();
    return Promise.race([promise, ended.then(() => false)]);
  };
  return { text: () => text, waitFor, ended };
}
