import type { ConnectResult } from "./mqtt_client_options.ts";

/** One call of `connect`: what ends it early, and what the server answers. */
export class ConnectAttempt {
  readonly #controller = new AbortController();
  readonly #connack = Promise.withResolvers<ConnectResult>();
  readonly #finished = Promise.withResolvers<void>();

  /** It also ends when this signal aborts. */
  constructor(signal: AbortSignal | undefined) {
    // Its failure is told by whatever `connect` is waiting for at that time.
    this.#connack.promise.catch(() => {});
    if (!signal) return;
    const abort = () => this.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    this.#finished.promise.then(() => signal.removeEventListener("abort", abort));
  }

  /** Aborts when the attempt ends early. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The server's answer to CONNECT. */
  get connack(): Promise<ConnectResult> {
    return this.#connack.promise;
  }

  /** Settles when the attempt is over, well or not. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /** Waits for `work`, unless the attempt ends early. */
  async unlessAborted<T>(work: Promise<T>): Promise<T> {
    await Promise.race([work, this.#connack.promise]);
    return await work;
  }

  /** CONNACK accepted the connection. */
  succeed(result: ConnectResult): void {
    this.#connack.resolve(result);
  }

  /** There will be no CONNACK. */
  fail(reason: unknown): void {
    this.#connack.reject(reason);
  }

  /** Ends the attempt early. */
  abort(reason: unknown): void {
    this.#controller.abort(reason);
    this.fail(reason);
  }

  /** The attempt is over. */
  finish(): void {
    this.#finished.resolve();
  }
}
