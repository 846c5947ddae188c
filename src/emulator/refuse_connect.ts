import type { Duplex } from "node:stream";

/**
 * Answers CONNECT with a return code and closes.
 *
 * Aedes destroys the socket right behind its CONNACK, which may be lost with it, above all when the client
 * had sent more. So this one answers, ignores what else comes, and gives the client a while to hang up first.
 */
export function refuseConnect(
  stream: Duplex,
  { returnCode, lingerMs = 2_000 }: { returnCode: number; lingerMs?: number },
): void {
  const timer = setTimeout(() => stream.destroy(), lingerMs);
  stream.once("close", () => clearTimeout(timer));
  stream.removeAllListeners("readable");
  stream.resume();
  stream.end(Uint8Array.of(0x20, 2, 0, returnCode));
}
