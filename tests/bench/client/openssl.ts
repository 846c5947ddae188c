/**
 * TLS of OpenSSL on blocking and non-blocking sockets of Linux, for a peer that is faster than those it measures.
 *
 * Deno cannot ask for client certificates in `Deno.listenTls`, and the streams of `node:tls` take more of a processor to read
 * than `Deno.connectTls` takes to write. A call into OpenSSL takes a record, and nothing else happens.
 */

const { symbols: ssl } = Deno.dlopen("libssl.so.3", {
  TLS_server_method: { parameters: [], result: "pointer" },
  SSL_CTX_new: { parameters: ["pointer"], result: "pointer" },
  SSL_CTX_use_certificate_chain_file: { parameters: ["pointer", "buffer"], result: "i32" },
  SSL_CTX_use_PrivateKey_file: { parameters: ["pointer", "buffer", "i32"], result: "i32" },
  SSL_CTX_load_verify_locations: { parameters: ["pointer", "buffer", "pointer"], result: "i32" },
  SSL_CTX_set_verify: { parameters: ["pointer", "i32", "pointer"], result: "void" },
  SSL_CTX_set_default_read_buffer_len: { parameters: ["pointer", "usize"], result: "void" },
  SSL_CTX_ctrl: { parameters: ["pointer", "i32", "i64", "pointer"], result: "i64" },
  SSL_new: { parameters: ["pointer"], result: "pointer" },
  SSL_set_fd: { parameters: ["pointer", "i32"], result: "i32" },
  SSL_accept: { parameters: ["pointer"], result: "i32" },
  SSL_read: { parameters: ["pointer", "buffer", "i32"], result: "i32" },
  SSL_write: { parameters: ["pointer", "buffer", "i32"], result: "i32" },
  SSL_get_error: { parameters: ["pointer", "i32"], result: "i32" },
  SSL_shutdown: { parameters: ["pointer"], result: "i32" },
  SSL_free: { parameters: ["pointer"], result: "void" },
});

const { symbols: libc } = Deno.dlopen("libc.so.6", {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  listen: { parameters: ["i32", "i32"], result: "i32" },
  accept4: { parameters: ["i32", "pointer", "pointer", "i32"], result: "i32" },
  fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  epoll_create1: { parameters: ["i32"], result: "i32" },
  epoll_ctl: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  epoll_wait: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
  memcmp: { parameters: ["buffer", "buffer", "usize"], result: "i32" },
});

const FILETYPE_PEM = 1;
const VERIFY_PEER_OR_FAIL = 1 | 2;
const SET_READ_AHEAD = 41;
const WANT_READ = 2;
const WANT_WRITE = 3;
const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
const F_SETFL = 4;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLLIN = 1;
/** `struct epoll_event` is packed on one architecture only. */
const EVENT = Deno.build.arch === "x86_64" ? { size: 12, data: 4 } : { size: 16, data: 8 };
const MOST_EVENTS = 256;
const BACKLOG = 4096;
/** How much OpenSSL reads from a socket at once. */
const READ_AHEAD = 128 * 1024;
const ONE = new Uint8Array(new Int32Array([1]).buffer);

/** The paths of PEM files. */
export interface ServerFiles {
  certificate: string;
  privateKey: string;
  /** The authority whose clients are taken; others are refused. */
  authority: string;
}

/** Listens on a free port of 127.0.0.1. */
export class TlsServer {
  readonly port: number;
  readonly #context: Deno.PointerValue;
  readonly #listener: number;
  readonly #poll: number;
  readonly #events = new DataView(new ArrayBuffer(EVENT.size * MOST_EVENTS));

  constructor(files: ServerFiles) {
    this.#context = makeContext(files);
    this.#listener = libc.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const address = new Uint8Array([AF_INET, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(libc.bind(this.#listener, address, address.length), 0);
    expect(libc.listen(this.#listener, BACKLOG), 0);
    expect(libc.getsockname(this.#listener, address, new Uint8Array([16, 0, 0, 0])), 0);
    this.port = new DataView(address.buffer).getUint16(2);
    this.#poll = libc.epoll_create1(0);
    this.#control(EPOLL_CTL_ADD, this.#listener);
  }

  /** Blocks until something came; returns the connections that have begun and the numbers of those that can be read. */
  wait(): { begun: TlsPipe[]; readable: number[] } {
    const view = this.#events;
    const count = libc.epoll_wait(this.#poll, new Uint8Array(view.buffer), MOST_EVENTS, -1);
    const readable: number[] = [];
    let begun: TlsPipe[] = [];
    for (let index = 0; index < count; index++) {
      const fd = view.getInt32(index * EVENT.size + EVENT.data, true);
      if (fd === this.#listener) begun = this.#acceptAll();
      else readable.push(fd);
    }
    return { begun, readable };
  }

  /** From now on it is not waited for. */
  forget({ fd }: TlsPipe): void {
    this.#control(EPOLL_CTL_DEL, fd);
  }

  #acceptAll(): TlsPipe[] {
    const begun: TlsPipe[] = [];
    for (;;) {
      const fd = libc.accept4(this.#listener, null, null, SOCK_NONBLOCK);
      if (fd < 0) return begun;
      libc.setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, ONE, ONE.length);
      this.#control(EPOLL_CTL_ADD, fd);
      begun.push(new TlsPipe(this.#context, fd));
    }
  }

  #control(action: number, fd: number): void {
    const event = new DataView(new ArrayBuffer(EVENT.size));
    event.setUint32(0, EPOLLIN, true);
    event.setInt32(EVENT.data, fd, true);
    expect(libc.epoll_ctl(this.#poll, action, fd, new Uint8Array(event.buffer)), 0);
  }
}

/** One connection of a {@linkcode TlsServer}. */
export class TlsPipe {
  readonly fd: number;
  readonly #ssl: Deno.PointerValue;

  constructor(context: Deno.PointerValue, fd: number) {
    this.fd = fd;
    this.#ssl = ssl.SSL_new(context);
    expect(ssl.SSL_set_fd(this.#ssl, fd), 1);
  }

  /** Goes on with the handshake; whether it is done. */
  shake(): boolean | "refused" {
    const result = ssl.SSL_accept(this.#ssl);
    if (result === 1) return true;
    return this.#isWaiting(result) ? false : "refused";
  }

  /** Waits in each call from now on, until it is done. */
  block(): void {
    expect(libc.fcntl(this.fd, F_SETFL, 0), 0);
  }

  /** How many bytes came; 0 at the end, `undefined` when there are none yet. */
  read(buffer: Uint8Array<ArrayBuffer>): number | undefined {
    const count = ssl.SSL_read(this.#ssl, buffer, buffer.length);
    if (count > 0) return count;
    return this.#isWaiting(count) ? undefined : 0;
  }

  write(bytes: Uint8Array<ArrayBuffer>): void {
    expect(ssl.SSL_write(this.#ssl, bytes, bytes.length), bytes.length);
  }

  close(): void {
    ssl.SSL_shutdown(this.#ssl);
    ssl.SSL_free(this.#ssl);
    libc.close(this.fd);
  }

  #isWaiting(result: number): boolean {
    const error = ssl.SSL_get_error(this.#ssl, result);
    return error === WANT_READ || error === WANT_WRITE;
  }
}

/** Whether the first `count` bytes are the same. */
export function areSame(
  [one, other]: [one: Uint8Array<ArrayBuffer>, other: Uint8Array<ArrayBuffer>],
  count: number,
): boolean {
  return libc.memcmp(one, other, BigInt(count)) === 0;
}

function makeContext({ certificate, privateKey, authority }: ServerFiles): Deno.PointerValue {
  const context = ssl.SSL_CTX_new(ssl.TLS_server_method());
  expect(ssl.SSL_CTX_use_certificate_chain_file(context, cString(certificate)), 1);
  expect(ssl.SSL_CTX_use_PrivateKey_file(context, cString(privateKey), FILETYPE_PEM), 1);
  expect(ssl.SSL_CTX_load_verify_locations(context, cString(authority), null), 1);
  ssl.SSL_CTX_set_verify(context, VERIFY_PEER_OR_FAIL, null);
  ssl.SSL_CTX_ctrl(context, SET_READ_AHEAD, 1n, null);
  ssl.SSL_CTX_set_default_read_buffer_len(context, BigInt(READ_AHEAD));
  return context;
}

function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

function expect(result: number, wanted: number): void {
  if (result !== wanted) throw new Error(`A call of the system gave ${result}, not ${wanted}`);
}
