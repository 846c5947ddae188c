import { HubwireError } from "../errors.ts";
import type { Session } from "../session/mod.ts";
import type { Connection } from "../transport/mod.ts";
import { BackOff } from "./back_off.ts";
import { cannotComeBack, closedHere, isOwnDoing } from "./client_errors.ts";
import { ConnectAttempt } from "./connect_attempt.ts";
import { makeConnectPacket } from "./connect_packet.ts";
import { Link } from "./link.ts";
import type { CheckedOptions, ConnectResult } from "./mqtt_client_options.ts";
import { type ClientState, StateChangeEvent } from "./state.ts";
import type { Waiting } from "./waiting.ts";

/** What a connector tells its owner. */
export interface ConnectorHandler {
  /** Settles when the application can take more messages; `undefined` when it can. */
  room(): Promise<void> | undefined;
  /** Publishers that waited may go on. */
  drained(): void;
  /** It has passed from one state to another. */
  changed(event: StateChangeEvent): void;
  /** There is no connection any more, and there will be none by itself. */
  gaveUp(reason: HubwireError | undefined): void;
}

/** Makes connections, one after the other: when it is asked to, and again by itself when one is lost. */
export class Connector {
  readonly #options: CheckedOptions;
  readonly #session: Session<Waiting>;
  readonly #handler: ConnectorHandler;
  readonly #backOff: BackOff | undefined;
  #state: ClientState = "initial";
  #attempt: ConnectAttempt | undefined;
  #link: Link<Waiting> | undefined;
  #closing: Promise<void> | undefined;
  #comesBack = false;
  #cancelRetry = () => {};

  /** @throws {RangeError} If a delay makes no sense. */
  constructor(
    { options, session }: { options: CheckedOptions; session: Session<Waiting> },
    handler: ConnectorHandler,
  ) {
    this.#options = options;
    this.#session = session;
    this.#handler = handler;
    if (options.reconnect) this.#backOff = new BackOff(options.reconnect);
  }

  get state(): ClientState {
    return this.#state;
  }

  /** The connection, from its first byte on. */
  get link(): Link<Waiting> | undefined {
    return this.#link;
  }

  /** Whether a lost connection is made again: there was one since the program asked for it. */
  get comesBack(): boolean {
    return this.#comesBack;
  }

  /** Opens a connection and waits for CONNACK. */
  async connect(signal: AbortSignal | undefined): Promise<ConnectResult> {
    if (this.#state !== "initial" && this.#state !== "disconnected") {
      throw new TypeError(`Cannot connect: the client is ${this.#state}`);
    }
    const attempt = this.#attempt = new ConnectAttempt(signal);
    this.#change("transportConnecting");
    try {
      return await this.#open(attempt);
    } catch (error) {
      this.#failed(attempt, error instanceof HubwireError ? error : undefined);
      throw error;
    } finally {
      attempt.finish();
    }
  }

  /** CONNACK accepted the connection. */
  connected(result: ConnectResult): void {
    this.#comesBack = this.#backOff !== undefined;
    this.#backOff?.connected(this.#options.clock.now());
    this.#attempt?.succeed(result);
    this.#attempt = undefined;
    this.#change("connected");
  }

  /** Ends what there is: a connection in good order, an attempt at one, or the wait for the next. */
  async close(): Promise<void> {
    const reason = closedHere();
    this.#comesBack = false;
    this.#cancelRetry();
    if (this.#attempt) {
      this.#attempt.abort(reason);
      await this.#attempt.finished;
    } else if (this.#link) {
      this.#change("disconnecting");
      this.#closing ??= this.#link.close(reason);
      await this.#closing;
    } else this.#giveUp(reason);
  }

  async #open(attempt: ConnectAttempt): Promise<ConnectResult> {
    attempt.signal.throwIfAborted();
    const connection = await this.#options.transport.connect(attempt.signal);
    const link = this.#link = this.#makeLink(connection);
    this.#change("transportConnected");
    try {
      const packet = await attempt.unlessAborted(makeConnectPacket(this.#options));
      link.open(packet);
      return await attempt.connack;
    } catch (error) {
      link.end(error instanceof HubwireError ? error : closedHere());
      throw error;
    }
  }

  #makeLink(connection: Connection): Link<Waiting> {
    const { clock, maximumPacketSize, transport: { address } } = this.#options;
    const session = this.#session;
    return new Link({ connection, session, clock, address, maximumPacketSize }, {
      room: () => this.#handler.room(),
      drained: () => this.#handler.drained(),
      ended: (reason) => this.#ended(reason),
    });
  }

  async #retry(): Promise<void> {
    const attempt = this.#attempt = new ConnectAttempt(undefined);
    this.#change("transportConnecting");
    try {
      await this.#open(attempt);
    } catch (error) {
      this.#failed(attempt, error instanceof HubwireError ? error : cannotComeBack(error));
    }
    attempt.finish();
  }

  /** No link has told that it ended: there was none, or it ended with what ends the attempt. */
  #failed(attempt: ConnectAttempt, reason: HubwireError | undefined): void {
    if (this.#attempt !== attempt) return;
    this.#attempt = undefined;
    this.#over(reason);
  }

  #ended(reason: HubwireError): void {
    const attempt = this.#attempt;
    this.#link = this.#closing = this.#attempt = undefined;
    attempt?.fail(reason);
    this.#over(reason);
  }

  /** A connection, or an attempt at one, is over: there will be another, or not. */
  #over(reason: HubwireError | undefined): void {
    if (!reason || !this.#comesBack || !this.#backOff) return this.#giveUp(reason);
    const next = this.#backOff.failed(reason, this.#options.clock.now());
    if (typeof next !== "number") return this.#giveUp(next);
    this.#session.lose();
    this.#cancelRetry = this.#options.clock.schedule(next, () => void this.#retry());
    this.#change("reconnecting", reason);
  }

  /** Everybody is told before the state changes: a listener may connect again at once. */
  #giveUp(reason: HubwireError | undefined): void {
    this.#comesBack = false;
    this.#handler.gaveUp(reason);
    if (this.#state !== "initial") this.#change("disconnected", reason);
  }

  #change(newState: ClientState, reason?: HubwireError): void {
    const oldState = this.#state;
    if (newState === oldState) return;
    this.#state = newState;
    const cause = reason && !isOwnDoing(reason) ? reason : undefined;
    this.#handler.changed(new StateChangeEvent({ oldState, newState, cause }));
  }
}
