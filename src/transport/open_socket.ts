import { HubwireError } from "../errors.ts";
import { classifyFailure } from "./classify_failure.ts";
import { withDeadline } from "./deadline.ts";
import type { Attempt } from "./transport_errors.ts";

/** One try to connect. */
export interface Dial {
  /** For the messages. */
  attempt: Omit<Attempt, "phase">;
  /** How long each phase may take, in milliseconds. */
  connectDeadlineMs: number;
  handshakeDeadlineMs: number;
  /** Ends the try early. */
  signal: AbortSignal | undefined;
}

/**
 * Waits for a socket until its deadline; one that opens later is closed at once.
 *
 * @throws {HubwireError} What the failure means.
 */
export function openSocket<S extends Deno.Conn>(
  dialled: Promise<S>,
  dial: Omit<Dial, "handshakeDeadlineMs">,
): Promise<S> {
  const { attempt: { address }, connectDeadlineMs: ms, signal } = dial;
  const abandon = () => void dialled.then((socket) => socket.close(), () => "never opened");
  const work = withDeadline(dialled, { phase: "connect", ms, address, signal, abandon });
  return classified(work, { ...dial.attempt, phase: "connect" }, dial);
}

/**
 * Waits for the TLS handshake until its deadline: `Deno.connectTls` is done before it and would wait for a
 * silent server for ever. Closes the socket on failure.
 *
 * @throws {HubwireError} What the failure means.
 */
export async function shakeHands(socket: Deno.TlsConn, dial: Dial): Promise<void> {
  const { attempt: { address }, handshakeDeadlineMs: ms, signal } = dial;
  const abandon = () => socket.close();
  const work = withDeadline(socket.handshake(), {
    phase: "handshake",
    ms,
    address,
    signal,
    abandon,
  });
  await classified(work, { ...dial.attempt, phase: "handshake" }, dial);
}

/** Whatever `work` throws comes out as an error of Hubwire's, or as the reason of the abort. */
export async function classified<T>(
  work: Promise<T>,
  attempt: Attempt,
  { signal }: Pick<Dial, "signal">,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof HubwireError || signal?.aborted) throw error;
    throw classifyFailure(error, attempt);
  }
}
