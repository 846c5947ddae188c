import { ConnectionLostError, type HubwireError, ProtocolError } from "../errors.ts";
import type { Connection } from "./transport.ts";

/** A write waits while more than this has been handed over and not sent. */
const UNSENT_BYTES = 64 * 1024;
/** A WebSocket cannot be told to stop reading: what is more is a failure. */
const UNREAD_BYTES = 64 * 1024 * 1024;
/** Nothing tells when something has been sent: one has to look. */
const LOOK_AGAIN_MS = 2;

const BROKE = "the connection broke";

/** What a close code means (RFC 6455, section 7.4.1) to whoever did not send it. */
const CLOSE_CODES: Record<number, string> = {
  // What Deno says where the standard says 1006.
  0: BROKE,
  1002: "it saw a breach of the WebSocket protocol",
  1003: "it does not take what it was sent",
  1006: BROKE,
  1007: "it could not read what it was sent",
  1008: "its rules do not allow this",
  1009: "a message was too large for it",
  1011: "it failed",
  1012: "it restarts",
  1013: "it has too much to do",
};

/** An open WebSocket as a pipe: what a message begins or ends means nothing [MQTT-6.0.0-2]. */
export class WebSocketConnection implements Connection {
  readonly #socket: WebSocket;
  readonly #address: string;
  readonly #release: () => void;
  readonly #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #failure: HubwireError | undefined;
  #isEnded = false;
  #isClosed = false;
  #wake = () => {};

  constructor(socket: WebSocket, { address, release }: { address: string; release: () => void }) {
    this.#socket = socket;
    this.#address = address;
    this.#release = release;
    socket.onmessage = ({ data }) => this.#take(data);
    socket.onclose = ({ code }) => this.#end(code);
    socket.onerror = () => {};
  }

  async read(buffer: Uint8Array<ArrayBuffer>): Promise<number | null> {
    for (;;) {
      if (this.#isClosed) throw this.#closed();
      const [chunk] = this.#unread;
      if (chunk) return this.#move(chunk, buffer);
      if (this.#failure) throw this.#failure;
      if (this.#isEnded) return null;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#checkOpen();
    // It is copied here: the caller has its memory back at once.
    this.#socket.send(bytes as Uint8Array<ArrayBuffer>);
    while (this.#socket.bufferedAmount > UNSENT_BYTES) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      this.#checkOpen();
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#unread.length = 0;
    this.#shut(1000);
    this.#wake();
  }

  #take(data: unknown): void {
    if (this.#failure || this.#isClosed) return;
    if (!(data instanceof ArrayBuffer)) return this.#fail(this.#textFrame(), 1003);
    if (data.byteLength === 0) return;
    // A single message is taken whatever its size: it is here already.
    if (this.#unread.length > 0 && this.#unreadBytes + data.byteLength > UNREAD_BYTES) {
      return this.#fail(this.#tooMuch(), 1013);
    }
    this.#unread.push(new Uint8Array(data));
    this.#unreadBytes += data.byteLength;
    this.#wake();
  }

  #move(chunk: Uint8Array, buffer: Uint8Array): number {
    const count = Math.min(chunk.length, buffer.length);
    buffer.set(chunk.subarray(0, count));
    this.#unreadBytes -= count;
    if (count === chunk.length) this.#unread.shift();
    else this.#unread[0] = chunk.subarray(count);
    return count;
  }

  #fail(failure: HubwireError, code: number): void {
    this.#failure = failure;
    this.#shut(code);
    this.#wake();
  }

  #end(code: number): void {
    this.#release();
    // 1000 and 1001 are how a server goes that has said all it had to say; 1005 is one that gives no code.
    if ([1000, 1001, 1005].includes(code)) this.#isEnded = true;
    else this.#failure ??= this.#lost(`the server closed it: ${describeCode(code)}`);
    this.#wake();
  }

  #shut(code: number): void {
    const { readyState } = this.#socket;
    if (readyState === WebSocket.CLOSING || readyState === WebSocket.CLOSED) return;
    // A program may send 1000 and its own codes only.
    this.#socket.close(code === 1000 ? 1000 : 4000 + code - 1000);
  }

  #checkOpen(): void {
    if (this.#isClosed) throw this.#closed();
    if (this.#failure) throw this.#failure;
    if (this.#socket.readyState !== WebSocket.OPEN) throw this.#lost("the server closed it");
  }

  #lost(why: string): ConnectionLostError {
    return new ConnectionLostError("CONNECTION_LOST", {
      what: this.#what(),
      why,
      remedy: "Connect again.",
    });
  }

  #closed(): ConnectionLostError {
    return new ConnectionLostError("CONNECTION_CLOSED", {
      what: this.#what(),
      why: "it was closed on this side",
      remedy: "Connect again.",
    });
  }

  #textFrame(): ProtocolError {
    return new ProtocolError("MQTT_PROTOCOL_VIOLATION", {
      what: this.#what(),
      why: "the server sent text, where MQTT is made of bytes",
      remedy: "Check that the URL is that of an MQTT broker.",
    }, { party: "remote", statement: "MQTT-6.0.0-1" });
  }

  #tooMuch(): ConnectionLostError {
    return this.#lost(`the server sent more than ${UNREAD_BYTES} bytes that were not read in time`);
  }

  #what(): string {
    return `Lost the connection to ${this.#address}`;
  }
}

function describeCode(code: number): string {
  return CLOSE_CODES[code] ?? `code ${code}`;
}
