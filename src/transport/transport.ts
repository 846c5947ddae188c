/**
 * What a transport is: a dialler of byte pipes. The contract that every transport keeps:
 *
 * 1. `connect` opens a new pipe each time and asks for credentials each time. It settles within the
 *    transport's own deadlines, or as soon as its signal aborts, and leaves nothing open when it fails.
 * 2. Bytes arrive whole and in order, or not at all [MQTT-7.1.2-1]. `read` gives at least one byte, or
 *    `null` once the peer has ended the stream; `write` takes all bytes. At most one of each is pending.
 * 3. A failed call throws a `HubwireError` that says what happened; the pipe is then of no more use but to
 *    be closed. Whatever else it throws counts as a mistake in the transport, and ends the connection too.
 * 4. `close` may be called at any time, twice too; a pending `read` or `write` then throws. The memory of a
 *    pending call belongs to the transport until the call has settled.
 *
 * @module
 */

/** An open byte pipe. */
export interface Connection {
  /** Reads into `buffer`; returns how many bytes, or `null` at the end of the stream. */
  read(buffer: Uint8Array<ArrayBuffer>): Promise<number | null>;
  /** Writes all of `bytes`. */
  write(bytes: Uint8Array): Promise<void>;
  /** Lets go of the pipe at once. */
  close(): void;
}

/** Opens connections to one place. */
export interface Transport {
  /** Where to, for messages: `host:port`. */
  readonly address: string;
  /**
   * Opens a new connection.
   *
   * @throws {HubwireError} What the network, TLS or a deadline did not allow.
   * @throws {DOMException} The signal's reason when it aborts.
   */
  connect(signal?: AbortSignal): Promise<Connection>;
}

/** A private key and the certificates that vouch for it. */
export interface Credentials {
  /** DER certificates, the device's own first, then each issuer up to, not including, the registered one. */
  certificateChain: Uint8Array[];
  /** The private key of the first certificate, as unencrypted PKCS#8 DER. */
  privateKey: Uint8Array;
}

/** For which connection credentials are wanted. */
export interface CredentialsRequest {
  /** The host that is about to be connected to. */
  host: string;
  /** Its port. */
  port: number;
  /** Which of the host's devices, where it matters. */
  deviceId?: string;
}

/** Gives credentials when asked, on every connect, so a replaced certificate is used by the next one. */
export type CredentialsProvider = (
  request: CredentialsRequest,
) => Credentials | Promise<Credentials>;
