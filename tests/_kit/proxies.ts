/** A proxy of a test's own: it reads what RFC 1928 or RFC 9110 says, from scratch, and does what it is told. */

/** How a {@linkcode TestProxy} is to behave. */
export interface ProxyOptions {
  kind: "socks5" | "http";
  /** Whom it lets in; anybody unless said otherwise. */
  login?: { user: string; password: string };
  /** The code of SOCKS or the status of HTTP that it answers every request with. */
  refuseWith?: number;
  /** What it answers whatever comes first; nothing more comes then. */
  answer?: Uint8Array;
  /** Takes connections and says nothing. */
  isSilent?: boolean;
  /** Sent with the answer, in one piece, as if the server had spoken first. */
  early?: Uint8Array;
}

/** What was asked of a proxy. */
export interface TestProxy extends AsyncDisposable {
  /** On 127.0.0.1. */
  port: number;
  /** Every place that it was asked to connect to, as `host:port`. */
  requests: string[];
  /** Settles when a connection has been closed by the client. */
  clientGone: Promise<void>;
}

/** Starts a proxy that leads every name to 127.0.0.1. */
export function startProxy(options: ProxyOptions): TestProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const requests: string[] = [];
  const { promise: clientGone, resolve: tellGone } = Promise.withResolvers<void>();
  const serve = async (client: Deno.Conn) => {
    open.add(client);
    await new Visit(client, options, requests, open).serve();
    tellGone();
    closeAll(open, client);
  };
  const serving: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const client of listener) serving.push(serve(client).catch(connectionOver));
  })();
  return {
    port: listener.addr.port,
    requests,
    clientGone,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      closeAll(open, ...open);
      await Promise.all(serving);
    },
  };
}

/** One client. */
class Visit {
  readonly #client: Deno.Conn;
  readonly #options: ProxyOptions;
  readonly #requests: string[];
  readonly #open: Set<Deno.Conn>;
  #received: number[] = [];

  constructor(
    client: Deno.Conn,
    options: ProxyOptions,
    requests: string[],
    open: Set<Deno.Conn>,
  ) {
    this.#client = client;
    this.#options = options;
    this.#requests = requests;
    this.#open = open;
  }

  async serve(): Promise<void> {
    const { kind, answer, isSilent } = this.#options;
    if (answer !== undefined) {
      await this.#take(1);
      await this.#client.write(answer);
    }
    if (answer !== undefined || isSilent) return await this.#drain();
    const target = kind === "socks5" ? await this.#askedSocks5() : await this.#askedHttp();
    if (target === undefined) return await this.#drain();
    const server = await Deno.connect({ hostname: "127.0.0.1", port: target });
    this.#open.add(server);
    await this.#grant();
    await server.write(Uint8Array.from(this.#received));
    await Promise.all([pump(this.#client, server), pump(server, this.#client)]);
  }

  async #askedSocks5(): Promise<number | undefined> {
    const { login, refuseWith } = this.#options;
    const [, count = 0] = await this.#take(2);
    const methods = await this.#take(count);
    const method = login ? 2 : 0;
    if (!methods.includes(method)) return await this.#say(5, 0xff);
    await this.#say(5, method);
    if (login) {
      const [, userLength = 0] = await this.#take(2);
      const user = text(await this.#take(userLength));
      const [passwordLength = 0] = await this.#take(1);
      const password = text(await this.#take(passwordLength));
      const isRight = user === login.user && password === login.password;
      await this.#say(1, isRight ? 0 : 1);
      if (!isRight) return undefined;
    }
    const [, , , type] = await this.#take(4);
    const host = type === 3
      ? text(await this.#take((await this.#take(1))[0] ?? 0))
      : (await this.#take(type === 1 ? 4 : 16)).join(".");
    const [high = 0, low = 0] = await this.#take(2);
    const port = high * 256 + low;
    this.#requests.push(`${host}:${port}`);
    if (refuseWith === undefined) return port;
    return await this.#say(5, refuseWith, 0, 1, 0, 0, 0, 0, 0, 0);
  }

  async #askedHttp(): Promise<number | undefined> {
    const { login, refuseWith } = this.#options;
    const lines: string[] = [];
    for (let line = await this.#line(); line !== ""; line = await this.#line()) lines.push(line);
    const [, host = "", port = ""] = /^CONNECT (.*):(\d+) HTTP\/1\.1$/.exec(lines[0] ?? "") ?? [];
    this.#requests.push(`${host}:${port}`);
    const proof = login && `Basic ${btoa(`${login.user}:${login.password}`)}`;
    if (login && !lines.includes(`Proxy-Authorization: ${proof}`)) {
      return await this.#sayText('HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n');
    }
    if (refuseWith === undefined) return Number(port);
    return await this.#sayText(`HTTP/1.1 ${refuseWith} No\r\nContent-Length: 2\r\n\r\nno`);
  }

  /** Says that the way is free, and whatever else is to come in the same piece. */
  async #grant(): Promise<void> {
    const { kind, early = new Uint8Array() } = this.#options;
    const granted = kind === "socks5"
      ? [5, 0, 0, 3, 4, ...new TextEncoder().encode("home"), 1, 2]
      : new TextEncoder().encode("HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n");
    await this.#client.write(Uint8Array.of(...granted, ...early));
  }

  async #say(...bytes: number[]): Promise<undefined> {
    await this.#client.write(Uint8Array.from(bytes));
  }

  async #sayText(words: string): Promise<undefined> {
    await this.#client.write(new TextEncoder().encode(words));
  }

  async #line(): Promise<string> {
    const bytes: number[] = [];
    while (bytes.at(-1) !== 10) bytes.push(...await this.#take(1));
    return text(bytes).trimEnd();
  }

  async #take(count: number): Promise<number[]> {
    const buffer = new Uint8Array(512);
    while (this.#received.length < count) {
      const got = await this.#client.read(buffer);
      if (got === null) throw new Deno.errors.UnexpectedEof("the client left");
      this.#received.push(...buffer.subarray(0, got));
    }
    return this.#received.splice(0, count);
  }

  async #drain(): Promise<void> {
    const buffer = new Uint8Array(512);
    while (await this.#client.read(buffer) !== null);
  }
}

async function pump(from: Deno.Conn, to: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  for (let count = await from.read(buffer); count !== null; count = await from.read(buffer)) {
    for (let sent = 0; sent < count;) sent += await to.write(buffer.subarray(sent, count));
  }
  await to.closeWrite();
}

function closeAll(open: Set<Deno.Conn>, ...connections: Deno.Conn[]): void {
  for (const connection of connections) {
    if (open.delete(connection)) connection.close();
  }
}

/** A client may leave whenever it likes. */
function connectionOver(error: unknown): void {
  const { BadResource, BrokenPipe, ConnectionReset, Interrupted, NotConnected, UnexpectedEof } =
    Deno.errors;
  const kinds = [
    BadResource,
    BrokenPipe,
    ConnectionReset,
    Interrupted,
    NotConnected,
    UnexpectedEof,
  ];
  if (!kinds.some((kind) => error instanceof kind)) throw error;
}

function text(bytes: readonly number[]): string {
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
