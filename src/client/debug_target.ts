import type { DebugEvent } from "./debug_event.ts";
import { TypedEventTarget } from "./typed_event_target.ts";

/** The events of whoever tells what it does. */
export interface DebugEvents {
  /** A packet, or a step of connecting. */
  debug: DebugEvent;
}

/** Who listens to `debug`; one that wants the phase before the target is another. */
interface DebugListener {
  listener: unknown;
  isCapturing: boolean;
  isOnce: boolean;
}

/** An event target that knows whether anybody listens to `debug`, so that nothing is told to nobody. */
export class DebugTarget<E extends DebugEvents> extends TypedEventTarget<E> {
  #listeners: readonly DebugListener[] = [];

  /** Whether anybody listens to `debug`. */
  get isDebugged(): boolean {
    return this.#listeners.length > 0;
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
    const satisfied = this.#listeners.filter(({ isOnce }) => isOnce);
    const isWanted = super.dispatchEvent(event);
    this.#listeners = this.#listeners.filter((listener) => !satisfied.includes(listener));
    return isWanted;
  }

  #added(listener: unknown, options: boolean | AddEventListenerOptions | undefined): void {
    const { signal, once } = typeof options === "object" ? options : {};
    if (!listener || signal?.aborted || this.#find(listener, options)) return;
    signal?.addEventListener("abort", () => this.#removed(listener, options), { once: true });
    const added = { listener, isCapturing: isCapturing(options), isOnce: once === true };
    this.#listeners = [...this.#listeners, added];
  }

  #removed(listener: unknown, options: boolean | EventListenerOptions | undefined): void {
    const removed = this.#find(listener, options);
    this.#listeners = this.#listeners.filter((each) => each !== removed);
  }

  #find(listener: unknown, options: boolean | EventListenerOptions | undefined) {
    return this.#listeners.find((each) =>
      each.listener === listener && each.isCapturing === isCapturing(options)
    );
  }
}

function isCapturing(options: boolean | EventListenerOptions | undefined): boolean {
  return (typeof options === "object" ? options.capture : options) === true;
}
