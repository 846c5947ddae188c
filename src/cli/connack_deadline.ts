import { DeadlineError } from "../errors.ts";
import type { Transport } from "../transport/mod.ts";

/** A transport whose connections have to be answered in time. */
export interface ConnackDeadline extends Disposable {
  transport: Transport;
  /** Aborts when the answer is late, or when the given signal does. */
  signal: AbortSignal;
}

/**
 * Gives the server so long for its CONNACK, from the moment when the connection is open: a `DeviceClient` has no
 * deadline of the caller's choice for that. Dispose of it once connected.
 */
export function connackDeadline(
  transport: Transport,
  { deadlineMs, signal }: { deadlineMs: number; signal: AbortSignal },
): ConnackDeadline {
  const { address } = transport;
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    transport: {
      address,
      async connect(abort) {
        const connection = await transport.connect(abort);
        timer = setTimeout(() => controller.abort(overdue(address, deadlineMs)), deadlineMs);
        return connection;
      },
    },
    signal: AbortSignal.any([signal, controller.signal]),
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

function overdue(address: string, deadlineMs: number): DeadlineError {
  return new DeadlineError("connack", deadlineMs, {
    what: `Cannot connect to ${address}`,
    why: `the server did not answer CONNECT within ${deadlineMs} ms`,
    remedy: "Check that the server is an IoT Hub, or give --connect-timeout more seconds.",
  });
}
