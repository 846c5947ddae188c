import { HubwireError } from "../errors.ts";
import { usageError } from "./cli_error.ts";
import type { Io } from "./io.ts";
import { readSecretFile } from "./read_input_file.ts";

/** What secret is wanted, and where it may come from. Never from an argument: others see those. */
export interface SecretRequest {
  /** Which: "passphrase of the store". */
  what: string;
  /** The flag that names a file with it. */
  fileFlag: string;
  /** The file, if the flag was given. */
  file: string | undefined;
  /** The variable of the environment that may hold it. */
  variable?: string;
  /** Whether it is made up now: then it is asked for twice, and must not be empty. */
  isNew?: boolean;
  /** The code of the error that says that it is wrong. */
  wrongCode: "CREDENTIAL_WRONG_PASSWORD" | "STORE_LOCKED";
}

const TRIES = 3;

/**
 * Finds a secret and tries it. Whoever typed it at a terminal may try three times; from a file or the
 * environment it is right or wrong.
 *
 * @throws {CliError} If there is none and nobody can be asked.
 */
export async function withSecret<T>(
  request: SecretRequest,
  io: Io,
  { attempt }: { attempt: (secret: string) => Promise<T> },
): Promise<T> {
  const stored = await storedSecret(request, io);
  if (stored !== undefined) return await attempt(stored);
  for (let tries = 1;; tries++) {
    const secret = request.isNew
      ? await askForNew(request, io)
      : await ask(capitalised(request.what), request, io);
    try {
      return await attempt(secret);
    } catch (error) {
      const isWrong = error instanceof HubwireError && error.code === request.wrongCode;
      if (!isWrong || tries === TRIES) throw error;
      io.note(`${error.why}; try again`);
    }
  }
}

async function storedSecret(request: SecretRequest, io: Io): Promise<string | undefined> {
  if (request.file !== undefined) return await readSecretFile(request.file, io);
  // A variable that is set to nothing is as good as none.
  return request.variable && await io.variable(request.variable) || undefined;
}

/** Asks twice, so that a slip of the finger does not lock the owner out. */
async function askForNew(request: SecretRequest, io: Io): Promise<string> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const secret = await ask(`New ${request.what}`, request, io);
    if (secret === "") io.note("it must not be empty");
    else if (secret === await ask("The same again", request, io)) return secret;
    else io.note("the two differ; try again");
  }
  throw usageError({
    what: `There is no new ${request.what}`,
    why: `what was typed was empty or differed, ${TRIES} times`,
    remedy: "Start again.",
  });
}

async function ask(question: string, request: SecretRequest, io: Io): Promise<string> {
  const answer = await io.askSecret(question);
  if (answer !== undefined) return answer;
  const { what, fileFlag, variable } = request;
  const sources = [
    `give ${fileFlag} FILE`,
    ...variable ? [`set ${variable} (with --allow-env=${variable})`] : [],
    "start it at a terminal, which asks",
  ];
  throw usageError({
    what: `Nobody can be asked for the ${what}`,
    why: "it was not given, and standard input or standard error is no terminal",
    remedy: `Either ${sources.join(", or ")}.`,
  });
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
