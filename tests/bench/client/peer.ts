/**
 * The other side of the benches of the client: `deno run -A peer.ts FOLDER`, with the PEM files of a server in the folder.
 *
 * It takes clients of one authority only, answers CONNECT, and does what the client id asks for: takes messages and looks at
 * all of them, or sends messages that were prepared before. It prints its port, and then a line of each job: whether all was as
 * it should be, and how much of a processor it took itself while the job lasted.
 */

import { cpuUsage } from "node:process";
import { HOLD, type Job, jobOf } from "./job.ts";
import { type TlsPipe, TlsServer } from "./openssl.ts";
import { CONNACK, isDisconnect, receiveAll, sendAll } from "./peer_jobs.ts";

/** What the peer tells of a job. */
export interface PeerReport {
  /** Every message was there, once, in order, and whole. */
  isWhole: boolean;
  /** Of one core, while the job lasted. */
  peerShare: number;
}

class Peer {
  readonly #server: TlsServer;
  /** By their numbers; connections without a job have not sent CONNECT yet. */
  readonly #pipes = new Map<number, { pipe: TlsPipe; job?: Job }>();
  readonly #input = new Uint8Array(1024);

  constructor(folder: string) {
    this.#server = new TlsServer({
      certificate: `${folder}/server.pem`,
      privateKey: `${folder}/server.key`,
      authority: `${folder}/authority.pem`,
    });
  }

  run(): never {
    print({ port: this.#server.port });
    for (;;) {
      const { begun, readable } = this.#server.wait();
      for (const pipe of begun) this.#pipes.set(pipe.fd, { pipe });
      for (const fd of readable) this.#advance(fd);
    }
  }

  #advance(fd: number): void {
    const entry = this.#pipes.get(fd);
    if (!entry) throw new Error("Bug: a connection that nobody has begun");
    const { pipe } = entry;
    const isReady = pipe.shake();
    if (isReady === "refused") return this.#close(pipe);
    const count = isReady ? pipe.read(this.#input) : undefined;
    if (count === undefined) return;
    const bytes = this.#input.subarray(0, count);
    if (count === 0 || isDisconnect(bytes)) return this.#close(pipe);
    if (entry.job) return;
    entry.job = jobOf(clientIdIn(bytes));
    if (entry.job.kind === HOLD.kind) pipe.write(CONNACK);
    else this.#do(entry.job, pipe);
  }

  /** Nothing else goes on meanwhile. */
  #do(job: Job, pipe: TlsPipe): void {
    pipe.block();
    pipe.write(CONNACK);
    const before = cpuUsage();
    const begun = performance.now();
    const isWhole = job.kind === "publish" ? receiveAll(pipe, job) : sendAll(pipe, job);
    const { user, system } = cpuUsage(before);
    const peerShare = (user + system) / 1000 / (performance.now() - begun);
    print({ isWhole, peerShare } satisfies PeerReport);
    // Who has said goodbye wants the connection to be closed for it.
    while (pipe.read(this.#input) && !isDisconnect(this.#input));
    this.#close(pipe);
  }

  #close(pipe: TlsPipe): void {
    this.#server.forget(pipe);
    this.#pipes.delete(pipe.fd);
    pipe.close();
  }
}

/** The client id of a CONNECT: behind the fixed header, ten bytes and its length. */
function clientIdIn(connect: Uint8Array): string {
  const isLong = (connect[1] ?? 0) >= 128;
  const at = (isLong ? 3 : 2) + 10 + 2;
  const [high = 0, low = 0] = connect.subarray(at - 2);
  return new TextDecoder().decode(connect.subarray(at, at + (high << 8 | low)));
}

function print(value: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
}

if (import.meta.main) new Peer(Deno.args[0] ?? ".").run();
