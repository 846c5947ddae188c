import type { Io } from "../../src/cli/io.ts";
import { prefixed } from "../../src/cli/io.ts";

/** What the world around a command is like; by default there is no terminal, no input and no environment. */
export interface FakeWorld {
  /** Standard input. */
  stdin?: string;
  /** What the person at the terminal types when asked for secrets, in order. */
  secrets?: string[];
  /** The environment, all of which may be read. */
  variables?: Record<string, string>;
  outputIsTerminal?: boolean;
  errorIsTerminal?: boolean;
  now?: Date;
}

/** Keeps what a command prints. */
export class FakeIo implements Io {
  /** What it printed. */
  stdout = "";
  /** What it said beside that. */
  stderr = "";
  /** What it asked for. */
  readonly questions: string[] = [];
  isQuiet = false;
  readonly outputIsTerminal: boolean;
  readonly errorIsTerminal: boolean;
  readonly #world: FakeWorld;
  readonly #controller = new AbortController();

  constructor(world: FakeWorld = {}) {
    this.#world = { ...world, ...(world.secrets ? { secrets: [...world.secrets] } : {}) };
    this.outputIsTerminal = world.outputIsTerminal ?? false;
    this.errorIsTerminal = world.errorIsTerminal ?? false;
  }

  get interrupted(): AbortSignal {
    return this.#controller.signal;
  }

  /** Presses Ctrl-C, so to speak. */
  interrupt(reason: unknown): void {
    this.#controller.abort(reason);
  }

  print(text: string): void {
    this.stdout += `${text}\n`;
  }

  note(text: string): void {
    if (!this.isQuiet) this.report(prefixed(text));
  }

  report(line: string): void {
    this.stderr += `${line}\n`;
  }

  input(): ReadableStream<Uint8Array> {
    return new Blob([this.#world.stdin ?? ""]).stream();
  }

  askSecret(question: string): Promise<string | undefined> {
    if (!this.#world.secrets) return Promise.resolve(undefined);
    this.questions.push(question);
    const answer = this.#world.secrets.shift();
    return answer === undefined
      ? Promise.reject(new Error(`Nobody expected the question "${question}"`))
      : Promise.resolve(answer);
  }

  variable(name: string): Promise<string | undefined> {
    return Promise.resolve(this.#world.variables?.[name]);
  }

  now(): Date {
    return this.#world.now ?? new Date();
  }
}
