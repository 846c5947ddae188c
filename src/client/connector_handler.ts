import type { HubwireError } from "../errors.ts";
import type { Session } from "../session/mod.ts";
import type { DebugEvents, DebugTarget } from "./debug_target.ts";
import type { Measured } from "./meters.ts";
import type { CheckedOptions } from "./mqtt_client_options.ts";
import type { StateChangeEvent } from "./state.ts";
import type { Waiting } from "./waiting.ts";

/** What a connector tells its owner. */
export interface ConnectorHandler {
  /** Settles when all is there that a connection needs. */
  prepared(): Promise<void>;
  /** Settles when the application can take more messages; `undefined` when it can. */
  room(): Promise<void> | undefined;
  /** Publishers that waited may go on. */
  drained(): void;
  /** It has passed from one state to another. */
  changed(event: StateChangeEvent): void;
  /** There is no connection any more, and there will be none by itself. */
  gaveUp(reason: HubwireError | undefined): void;
}

/** What a connector works with. */
export interface ConnectorParts {
  options: CheckedOptions;
  session: Session<Waiting>;
  /** Who is told, and tells others, how it goes. */
  client: DebugTarget<DebugEvents> & Measured;
}
