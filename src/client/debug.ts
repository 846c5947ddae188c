import type { Packet } from "../codec/mod.ts";
import type { HubwireError } from "../errors.ts";
import type { Clock } from "./clock.ts";
import { type DebugDetails, DebugEvent } from "./debug_event.ts";
import type { DebugEvents, DebugTarget } from "./debug_target.ts";
import { summarize } from "./packet_summary.ts";

/**
 * Tells listeners what a client does. Whoever has a packet in hand asks {@linkcode Debug.isOn} first: as long as
 * nobody listens, that is all it costs.
 */
export class Debug {
  readonly #target: DebugTarget<DebugEvents>;
  readonly #clock: Clock;

  constructor(target: DebugTarget<DebugEvents>, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
  }

  /** Whether anybody listens. */
  get isOn(): boolean {
    return this.#target.isDebugged;
  }

  connecting(address: string): void {
    this.#tell({ step: "connecting", address });
  }

  open(address: string): void {
    this.#tell({ step: "open", address });
  }

  sent(packet: Packet): void {
    this.#tell({ step: "sent", packet: summarize(packet) });
  }

  received(packet: Packet): void {
    this.#tell({ step: "received", packet: summarize(packet) });
  }

  over(cause: HubwireError | undefined): void {
    this.#tell({ step: "over", cause });
  }

  waiting(delayMs: number): void {
    this.#tell({ step: "waiting", delayMs });
  }

  #tell(details: Omit<DebugDetails, "at">): void {
    if (this.isOn) {
      this.#target.dispatchEvent(new DebugEvent({ ...details, at: this.#clock.now() }));
    }
  }
}
