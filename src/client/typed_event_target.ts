/** An `EventTarget` whose events, `E` by name, are known to the compiler. */
export interface TypedEventTarget<E> {
  /** Calls `listener` at every event of this type, until it is removed. */
  addEventListener<K extends keyof E & string>(
    type: K,
    listener: (event: E[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  /** Calls `listener` no more. */
  removeEventListener<K extends keyof E & string>(
    type: K,
    listener: (event: E[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  /** Calls the listeners; false when one of them called `preventDefault()`. */
  dispatchEvent(event: E[keyof E] & Event): boolean;
}

/** The platform's `EventTarget`, seen through that interface. */
export const TypedEventTarget: { new <E>(): TypedEventTarget<E> } = EventTarget as {
  new <E>(): TypedEventTarget<E>;
};
