/** What a failed assertion throws. */
export class AssertionError extends Error {
  /** A message, and the cause if there is one. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

/** Throws an {@linkcode AssertionError}: what went wrong, then what the caller had to say about it. */
export function refuse(what: string, msg?: string): never {
  throw new AssertionError(msg ? `${what}: ${msg}` : what);
}
