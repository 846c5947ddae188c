/** A signal that says how many listen to it. */
export function countedSignal(): {
  signal: AbortSignal;
  abort: (reason: unknown) => void;
  listeners: () => number;
} {
  const controller = new AbortController();
  const { signal } = controller;
  const listening = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...[type, listener, options]: Parameters<typeof addEventListener>) => {
    listening.add(listener);
    const isOnce = typeof options === "object" && options.once;
    if (isOnce) addEventListener.call(signal, type, () => listening.delete(listener), options);
    addEventListener.call(signal, type, listener, options);
  };
  signal.removeEventListener = (
    ...[type, listener, options]: Parameters<typeof removeEventListener>
  ) => {
    listening.delete(listener);
    removeEventListener.call(signal, type, listener, options);
  };
  return {
    signal,
    abort: (reason) => controller.abort(reason),
    listeners: () => listening.size,
  };
}
