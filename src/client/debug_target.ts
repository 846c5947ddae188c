import type { DebugEvent } from "./debug_event.ts";
import { TypedEventTarget } from "./typed_event_target.ts";

/** The events of whoever tells what it does. */
export interface DebugEvents {
  /** A packet, or a step of connecting. */
  debug: DebugEvent;
}

/** An event target that knows whether anybody listens to `debug`, so that nothing is told to nobody. */
export class DebugTarget<E extends DebugEvents> extends TypedEventTarget<E> {
  /** Who listens to `debug`, and whether once only; those that want the phase before the target are others. */
  readonly #listeners = [new Map<unknown, boolean>(), new Map<unknown, boolean>()] as const;
  #isDebugged = false;

  /** Whether anybody listens to `debug`. */
  get isDebugged(): boolean {
    return this.#isDebugged;
  }

  /** Calls `listener` at every event of this type, until it is removed. */
  override addEventListener<K extends keyof E & string>(
    type: K,
    listener: (event: E[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
    if (type === "debug") this.#added(listener, options);
  }

  /** Calls `listener` no more. */
  override removeEventListener<K extends keyof E & string>(
    type: K,
    listener: (event: E[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void {
    super.removeEventListener(type, listener, options);
    if (type === "debug") this.#removed(listener, options);
  }

  /** Calls the listeners; false when one of them called `preventDefault()`. */
  override dispatchEvent(event: E[keyof E] & Event): boolean {
    if (event.type !== "debug") return super.dispatchEvent(event);
    const satisfied = this.#listeners.map((listeners) =>
      [...listeners].filter(([, isOnce]) => isOnce)
    );
    const isWanted = super.dispatchEvent(event);
    for (const [phase, listeners] of satisfied.entries()) {
      for (const [listener] of listeners) this.#removed(listener, phase === 1);
    }
    return isWanted;
  }

  #added(listener: unknown, options: boolean | AddEventListenerOptions | undefined): void {
    const { signal, once } = typeof options === "object" ? options : {};
    const listeners = this.#listenersOf(options);
    if (!listener || signal?.aborted || listeners.has(listener)) return;
    signal?.addEventListener("abort", () => this.#removed(listener, options), { once: true });
    listeners.set(listener, once === true);
    this.#isDebugged = true;
  }

  #removed(listener: unknown, options: boolean | EventListenerOptions | undefined): void {
    this.#listenersOf(options).delete(listener);
    this.#isDebugged = this.#listeners.some(({ size }) => size > 0);
  }

  #listenersOf(options: boolean | EventListenerOptions | undefined): Map<unknown, boolean> {
    const isCapturing = typeof options === "object" ? options.capture : options;
    return this.#listeners[isCapturing ? 1 : 0];
  }
}
