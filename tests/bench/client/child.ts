import { TextLineStream } from "./lines.ts";

/** A process that is asked and answers in lines of JSON. */
export class Child implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;

  constructor(command: readonly string[]) {
    const [program = "", ...args] = command;
    this.#process = new Deno.Command(program, { args, stdin: "piped", stdout: "piped" }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#lines = this.#process.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream()).getReader();
  }

  async tell(question: unknown): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(question)}\n`));
  }

  /** The next line that it prints. */
  async answer<T>(): Promise<T> {
    const { done, value } = await this.#lines.read();
    if (done) throw new Error(`A process ended early: ${(await this.#process.status).code}`);
    return JSON.parse(value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGTERM");
    await this.#process.status;
    await this.#lines.cancel();
    // It reads nothing any more.
    await this.#input.abort().catch(() => {});
  }
}
