import { HubwireError } from "../errors.ts";
import type { Session } from "../session/mod.ts";
import type { Connection, Transport } from "../transport/mod.ts";
import { BackOff } from "./back_off.ts";
import { cannotComeBack, closedHere, isOwnDoing, replaced } from "./client_errors.ts";
import { ConnectAttempt } from "./connect_attempt.ts";
import type { ConnectorHandler, ConnectorParts } from "./connector_handler.ts";
import { ClientTelemetry } from "./client_telemetry.ts";
import { makeConnectPacket } from "./connect_packet.ts";
import { Debug } from "./debug.ts";
import { type CallOptions, withinDeadline } from "./deadline.ts";
import { introduce } from "./introduction.ts";
import { Link } from "./link.ts";
import type { CheckedOptions, ConnectResult } from "./mqtt_client_options.ts";
import { type ClientState, StateChangeEvent } from "./state.ts";
import type { Waiting } from "./waiting.ts";

/** Makes connections, one after the other: when it is asked to, and again by itself when one is lost. */
export class Connector {
  /** Where OpenTelemetry is on. */
  readonly telemetry: ClientTelemetry | undefined;
  readonly #options: CheckedOptions;
  readonly #debug: Debug;
  readonly #session: Session<Waiting>;
  readonly #handler: ConnectorHandler;
  readonly #backOff: BackOff | undefined;
  #state: ClientState = "initial";
  #transport: Transport;
  #attempt: ConnectAttempt | undefined;
  #link: Link<Waiting> | undefined;
  #closing: Promise<void> | undefined;
  /** The move to another transport that is under way. */
  #move: ConnectAttempt | undefined;
  /** Why there is no connection. */
  #loss: HubwireError | undefined;
  #comesBack = false;
  #cancelRetry = () => {};

  /** @throws {RangeError} If a delay makes no sense. */
  constructor({ options, session, client }: ConnectorParts, handler: ConnectorHandler) {
    this.#debug = new Debug(client, options.clock);
    this.telemetry = ClientTelemetry.of(client, options);
    this.#options = options;
    this.#session = session;
    this.#handler = handler;
    this.#transport = options.transport;
    if (options.reconnect) this.#backOff = new BackOff(options.reconnect);
  }

  get state(): ClientState {
    return this.#state;
  }

  /** The connection, from its first byte on. */
  get link(): Link<Waiting> | undefined {
    return this.#link;
  }

  /** Whether the connection is about to be replaced: what is sent now had better wait. */
  get isMoving(): boolean {
    return this.#move !== undefined;
  }

  /** Whether a lost connection is made again: there was one since the program asked for it. */
  get comesBack(): boolean {
    return this.#comesBack;
  }

  /** Opens a connection and waits for CONNACK. */
  connect(options: CallOptions): Promise<ConnectResult> {
    const call = { phase: "connect", clock: this.#options.clock, options } as const;
    return withinDeadline(call, (rest) => this.#connect(rest));
  }

  async #connect({ signal }: CallOptions): Promise<ConnectResult> {
    if (this.#state !== "initial" && this.#state !== "disconnected") {
      throw new TypeError(`Cannot connect: the client is ${this.#state}`);
    }
    const attempt = this.#attempt = new ConnectAttempt(signal);
    this.#change("transportConnecting");
    try {
      await attempt.unlessAborted(this.#handler.prepared());
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
    const { counters } = this.#session;
    counters.connects++;
    if (this.#comesBack && !this.#move) counters.reconnects++;
    this.#comesBack = this.#backOff !== undefined;
    this.#backOff?.connected(this.#options.clock.now());
    this.#attempt?.succeed(result);
    this.#attempt = this.#move = undefined;
    this.#change("connected");
  }

  /**
   * Puts a connection of another transport in the place of the one there is, or of the one that is lost, and of all to
   * come. Until the server has accepted it nothing changes; where it does not, the old transport goes on.
   */
  moveTo(transport: Transport, options: CallOptions): Promise<void> {
    const call = { phase: "switch", clock: this.#options.clock, options } as const;
    return withinDeadline(call, (rest) => this.#moveTo(transport, rest));
  }

  async #moveTo(transport: Transport, { signal }: CallOptions): Promise<void> {
    if (this.#comesBack) await this.#attempt?.finished;
    if (this.#move) throw new TypeError("Cannot change the transport: it is being changed already");
    if (this.#state !== "connected" && this.#state !== "reconnecting") {
      throw new TypeError(`Cannot change the transport: the client is ${this.#state}`);
    }
    const move = this.#move = new ConnectAttempt(signal);
    this.#cancelRetry();
    try {
      const { address } = transport;
      await this.#traced({ address, isRetry: false }, () => this.#takeOver(transport, move));
    } catch (error) {
      this.#move = undefined;
      if (error instanceof HubwireError) this.#debug.over(error);
      if (this.#link) this.#handler.drained();
      else this.#over(this.#loss);
      throw error;
    } finally {
      move.finish();
    }
  }

  /** Ends what there is: a connection in good order, an attempt at one, or the wait for the next. */
  async close(): Promise<void> {
    const reason = closedHere();
    this.#comesBack = false;
    this.#cancelRetry();
    if (this.#move) {
      this.#move.abort(reason);
      await this.#move.finished;
    }
    if (this.#attempt) {
      this.#attempt.abort(reason);
      await this.#attempt.finished;
    } else if (this.#link) {
      this.#change("disconnecting");
      this.#closing ??= this.#link.close(reason);
      await this.#closing;
    } else this.#giveUp(reason);
  }

  #open(attempt: ConnectAttempt): Promise<ConnectResult> {
    const isRetry = this.#comesBack;
    if (isRetry) this.#session.counters.reconnectAttempts++;
    const { address } = this.#transport;
    return this.#traced({ address, isRetry }, () => this.#openLink(attempt));
  }

  async #openLink(attempt: ConnectAttempt): Promise<ConnectResult> {
    attempt.signal.throwIfAborted();
    const connection = await this.#dial(this.#transport, attempt);
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

  /** The old connection stays as long as it can: the server closes it when it accepts the new one. */
  async #takeOver(transport: Transport, move: ConnectAttempt): Promise<void> {
    const { clock, connackDeadlineMs } = this.#options;
    const { signal } = move;
    const { address } = transport;
    signal.throwIfAborted();
    const packet = await move.unlessAborted(makeConnectPacket(this.#options));
    const raw = await this.#dial(transport, move);
    await this.#link?.flush();
    const connection = await introduce(raw, { packet, address, clock, connackDeadlineMs, signal });
    this.#session.lose();
    const old = this.#link;
    this.#transport = transport;
    // The server has accepted it: from here on there is no way back, whatever a signal says.
    const last = this.#attempt = new ConnectAttempt(undefined);
    this.#link = this.#makeLink(connection);
    old?.end(replaced());
    this.#link.open(packet);
    await last.connack;
  }

  #traced<R>(to: { address: string; isRetry: boolean }, connect: () => Promise<R>): Promise<R> {
    this.#session.counters.connectAttempts++;
    return this.telemetry ? this.telemetry.connecting(to, connect) : connect();
  }

  async #dial(transport: Transport, attempt: ConnectAttempt): Promise<Connection> {
    this.#debug.connecting(transport.address);
    const connecting = transport.connect(attempt.signal);
    try {
      const connection = await attempt.unlessAborted(connecting);
      this.#debug.open(transport.address);
      return connection;
    } catch (error) {
      // A transport may be slow to hear of it; its own failure is the one that is thrown.
      connecting.then((late) => late.close(), () => {});
      throw error;
    }
  }

  #makeLink(connection: Connection): Link<Waiting> {
    const { clock, maximumPacketSize } = this.#options;
    const { address } = this.#transport;
    const [session, debug] = [this.#session, this.#debug];
    const parts = { connection, session, clock, address, maximumPacketSize, debug };
    const link: Link<Waiting> = new Link(parts, {
      room: () => this.#handler.room(),
      drained: () => this.#handler.drained(),
      ended: (reason) => this.#ended(link, reason),
    });
    return link;
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

  #ended(link: Link<Waiting>, reason: HubwireError): void {
    // It was replaced.
    if (link !== this.#link) return;
    const attempt = this.#attempt;
    this.#link = this.#closing = this.#attempt = undefined;
    this.#loss = reason;
    attempt?.fail(reason);
    // Another connection is on its way already.
    if (!this.#move) this.#over(reason);
  }

  /** A connection, or an attempt at one, is over: there will be another, or not. */
  #over(reason: HubwireError | undefined): void {
    this.#loss = reason;
    this.#debug.over(reason && !isOwnDoing(reason) ? reason : undefined);
    if (!reason || !this.#comesBack || !this.#backOff) return this.#giveUp(reason);
    const next = this.#backOff.failed(reason, this.#options.clock.now());
    if (typeof next !== "number") return this.#giveUp(next);
    this.#session.lose();
    this.#debug.waiting(next);
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
    this.telemetry?.changed(newState);
    const cause = reason && !isOwnDoing(reason) ? reason : undefined;
    this.#handler.changed(new StateChangeEvent({ oldState, newState, cause }));
  }
}
