import type { HubwireError } from "../errors.ts";
import { type PacketSummary, summaryLine } from "./packet_summary.ts";

/**
 * What a client is doing: `connecting` (the transport is asked for a connection), `open` (the byte pipe is there),
 * `sent` and `received` (a packet), `over` (the connection, or the attempt at one, has ended), `waiting` (before the next attempt).
 */
export type DebugStep = "connecting" | "open" | "sent" | "received" | "over" | "waiting";

/** What a {@linkcode DebugEvent} is made of. */
export interface DebugDetails {
  /** What happened. */
  readonly step: DebugStep;
  /** When, in milliseconds of the client's clock. */
  readonly at: number;
  /** At `connecting` and `open`: the server. */
  readonly address?: string | undefined;
  /** At `sent` and `received`. */
  readonly packet?: PacketSummary | undefined;
  /** At `over`: what ended it, unless the program itself did. */
  readonly cause?: HubwireError | undefined;
  /** At `waiting`: for how many milliseconds. */
  readonly delayMs?: number | undefined;
}

/** A client tells what it does, to whoever looks for a fault. Nothing in it is secret: see {@linkcode PacketSummary}. */
export class DebugEvent extends Event implements DebugDetails {
  /** What happened. */
  readonly step: DebugStep;
  /** When, in milliseconds of the client's clock. */
  readonly at: number;
  /** At `connecting` and `open`: the server. */
  readonly address: string | undefined;
  /** At `sent` and `received`: what of the packet may be shown. */
  readonly packet: PacketSummary | undefined;
  /** At `over`: what ended it, unless the program itself did. */
  readonly cause: HubwireError | undefined;
  /** At `waiting`: for how many milliseconds. */
  readonly delayMs: number | undefined;

  /** Made by the client. */
  constructor({ step, at, address, packet, cause, delayMs }: DebugDetails) {
    super("debug");
    this.step = step;
    this.at = at;
    this.address = address;
    this.packet = packet;
    this.cause = cause;
    this.delayMs = delayMs;
  }

  /** The same as a line for people, such as `received CONNACK returnCode=0`. */
  get text(): string {
    if (this.packet) return `${this.step} ${summaryLine(this.packet)}`;
    if (this.step === "waiting") return `waiting ${Math.round(this.delayMs ?? 0)} ms`;
    if (this.step !== "over") return `${this.step} ${this.address}`;
    return this.cause ? `over ${this.cause.code}: ${this.cause.message}` : "over";
  }
}
