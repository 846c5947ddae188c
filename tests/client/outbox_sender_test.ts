import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import type { OutboxErrorEvent, StoredMessage } from "../../src/client/mod.ts";
import { DamagedMessagesError, OutboxFullError, StoreError } from "../../src/errors.ts";
import { MemoryOutbox, memoryOutbox } from "../../src/mqtt.ts";
import { settled } from "../_kit/virtual_clock.ts";
import { outcomes, Rig } from "./_rig.ts";

const LIMITS = { maximumCount: 1000, maximumBytes: 1_000_000, whenFull: "wait" } as const;
const STORED = { qos: 1, until: "stored" } as const;
const COMES_BACK = { cleanSession: false, reconnect: { random: () => 1 } };

/** Takes so many PUBLISHes; returns their payloads, with a D behind what was marked as sent before. */
async function arrivals({ peer }: Rig, count: number): Promise<string[]> {
  const payloads: string[] = [];
  for (let i = 0; i < count; i++) {
    const { payload, dup } = await peer.expect("publish");
    payloads.push(new TextDecoder().decode(payload) + (dup ? "D" : ""));
  }
  return payloads;
}

/** Collects what the client tells of its outbox. */
function failuresOf({ client }: Rig): unknown[] {
  const failures: unknown[] = [];
  client.addEventListener("outboxerror", ({ error }: OutboxErrorEvent) => failures.push(error));
  return failures;
}

function broken(): StoreError {
  return new StoreError("STORE_NOT_WRITABLE", {
    what: "No",
    why: "it is broken",
    remedy: "Mend it.",
  });
}

/** An outbox that fails as often as it is told to. */
class FailingOutbox extends MemoryOutbox {
  readonly failures = { open: 0, read: 0, remove: 0 };

  constructor() {
    super(LIMITS);
  }

  #mayFail(call: keyof FailingOutbox["failures"]): void {
    if (this.failures[call]-- > 0) throw broken();
  }

  override async open(): Promise<void> {
    this.#mayFail("open");
    await super.open();
  }

  override async read(after: number, limit: number): Promise<StoredMessage[]> {
    this.#mayFail("read");
    return await super.read(after, limit);
  }

  override async remove(sequence: number): Promise<void> {
    this.#mayFail("remove");
    await super.remove(sequence);
  }
}

/** Of its messages those from 2 to 3 cannot be read. */
class DamagedOutbox extends MemoryOutbox {
  override async read(after: number, limit: number): Promise<StoredMessage[]> {
    const text = { what: "No", why: "they are damaged", remedy: "Read on." };
    const readable = (await super.read(after, limit)).filter(({ sequence }) =>
      sequence < 2 || sequence > 3
    );
    if (after < 1 && readable[0]?.sequence === 1) return readable.slice(0, 1);
    if (after < 3 && this.count > 1) throw new DamagedMessagesError({ first: 2, last: 3 }, text);
    return readable;
  }
}

Deno.test("publish() with an outbox resolves at the acknowledgement, and nothing is kept", async () => {
  const outbox = memoryOutbox();
  await using rig = await Rig.connected({ outbox });
  const publishing = rig.client.publish("t", "a", { qos: 1 });
  await rig.peer.expect("publish");
  assertEquals(outbox.count, 1);
  await rig.peer.send({ type: "puback", packetId: 1 });
  await publishing;
  assertEquals(outbox.count, 0);
});

Deno.test("publish() until stored needs no connection; what is stored leaves in its order with the first one", async () => {
  const outbox = memoryOutbox();
  await using rig = new Rig({ outbox });
  for (const payload of ["a", "b", "c"]) await rig.client.publish("t", payload, STORED);
  assertEquals(outbox.count, 3);
  await rig.connect();
  const delivering = rig.client.publish("t", "d", { qos: 2 });
  assertEquals(await arrivals(rig, 4), ["a", "b", "c", "d"]);
  await rig.peer.send(...[1, 2, 3].map((packetId) => ({ type: "puback", packetId }) as const));
  assertEquals(outbox.count, 1);
  await rig.peer.send({ type: "pubrec", packetId: 4 }, { type: "pubcomp", packetId: 4 });
  await delivering;
  assertEquals(outbox.count, 0);
});

Deno.test("publish() until delivered fails where no connection is being made, and stores nothing", async () => {
  const outbox = memoryOutbox();
  await using rig = new Rig({ outbox });
  assertEquals(await outcomes([rig.client.publish("t", "a", { qos: 1 })]), ["CONNECTION_LOST"]);
  assertEquals(outbox.count, 0);
});

Deno.test("publish() cannot wait until a message is stored where nothing stores it", async () => {
  await using rig = await Rig.connected({ outbox: memoryOutbox() });
  await assertRejects(
    () => rig.client.publish("t", "a", { qos: 0, until: "stored" }),
    TypeError,
    "at QoS 0 none is",
  );
  await using other = await Rig.connected();
  await assertRejects(() => other.client.publish("t", "a", STORED), TypeError, "no outbox");
});

Deno.test("publish() stores nothing that MQTT 3.1.1 forbids", async () => {
  const outbox = memoryOutbox();
  await using rig = new Rig({ outbox });
  for (const topic of ["", "a/#", "a/+/b", "\0", "\ud800"]) {
    await assertRejects(() => rig.client.publish(topic, "a", STORED), TypeError);
  }
  await assertRejects(() => rig.client.publish("t", "a", { qos: 3 as 2 }), RangeError);
  assertEquals(outbox.count, 0);
});

Deno.test("An outbox has only so many messages in flight as the window takes", async () => {
  const outbox = memoryOutbox();
  await using rig = await Rig.connected({ outbox, maximumInFlight: 2 });
  for (const payload of ["a", "b", "c", "d"]) await rig.client.publish("t", payload, STORED);
  await settled();
  assertEquals(rig.peer.waiting, 2);
  assertEquals(await arrivals(rig, 2), ["a", "b"]);
  await rig.peer.send({ type: "puback", packetId: 1 });
  assertEquals(await arrivals(rig, 1), ["c"]);
  assertEquals(rig.peer.waiting, 0);
});

Deno.test("After a lost connection the session sends again what has left, and the outbox what has not", async () => {
  const outbox = memoryOutbox();
  await using rig = await Rig.connected({ outbox, maximumInFlight: 2, ...COMES_BACK });
  const all = ["a", "b", "c"].map((payload) => rig.client.publish("t", payload, { qos: 1 }));
  assertEquals(await arrivals(rig, 2), ["a", "b"]);
  rig.peer.close();
  await rig.clock.advance(1000);
  await rig.peer.accept({ sessionPresent: true });
  assertEquals(await arrivals(rig, 2), ["aD", "bD"]);
  await rig.peer.send({ type: "puback", packetId: 1 }, { type: "puback", packetId: 2 });
  assertEquals(await arrivals(rig, 1), ["c"]);
  await rig.peer.send({ type: "puback", packetId: 3 });
  assertEquals(await outcomes(all), ["done", "done", "done"]);
  assertEquals([outbox.count, rig.peer.waiting], [0, 0]);
});

Deno.test("When all is given up whoever waits is told; the next connection begins with the oldest", async () => {
  const outbox = memoryOutbox();
  await using rig = await Rig.connected({ outbox });
  const all = ["a", "b", "c"].map((payload) => rig.client.publish("t", payload, { qos: 1 }));
  assertEquals(await arrivals(rig, 3), ["a", "b", "c"]);
  await rig.peer.send({ type: "puback", packetId: 1 });
  rig.peer.close();
  assertEquals(await outcomes(all), ["done", "CONNECTION_LOST", "CONNECTION_LOST"]);
  assertEquals(outbox.count, 2);
  await rig.connect();
  assertEquals(await arrivals(rig, 2), ["b", "c"]);
  assertEquals(rig.peer.waiting, 0);
});

Deno.test("close() leaves to the outbox what is not delivered, for this client or another", async () => {
  const outbox = memoryOutbox();
  {
    await using rig = await Rig.connected({ outbox });
    const publishing = rig.client.publish("t", "a", { qos: 1 });
    await rig.peer.expect("publish");
    const [outcome] = await Promise.all([outcomes([publishing]), rig.client.close()]);
    assertEquals(outcome, ["CONNECTION_CLOSED"]);
    await rig.client.publish("t", "b", STORED);
    await rig.connect();
    assertEquals(await arrivals(rig, 2), ["a", "b"]);
  }
  await using other = await Rig.connected({ outbox });
  assertEquals(await arrivals(other, 2), ["a", "b"]);
});

Deno.test("An outbox has one client at a time", async () => {
  const outbox = memoryOutbox();
  await using rig = await Rig.connected({ outbox });
  await using other = new Rig({ outbox });
  assertEquals(await outcomes([other.client.connect(), other.client.publish("t", "a", STORED)]), [
    "STORE_BUSY",
    "STORE_BUSY",
  ]);
  await rig.client.close();
  await other.connect();
});

Deno.test("What an outbox drops to make room fails, unless it has left", async () => {
  const outbox = memoryOutbox({ maximumCount: 2, whenFull: "drop-oldest" });
  await using rig = await Rig.connected({ outbox, maximumInFlight: 1 });
  const publish = (payload: string) => rig.client.publish("t", payload, { qos: 1 });
  const first = publish("a");
  await rig.peer.expect("publish");
  const second = publish("b");
  const third = publish("c");
  const fourth = publish("d");
  await assertRejects(() => second, OutboxFullError, "dropped it to make room");
  await rig.peer.send({ type: "puback", packetId: 1 });
  await first;
  assertEquals(await arrivals(rig, 1), ["c"]);
  await rig.peer.send({ type: "puback", packetId: 2 });
  assertEquals(await arrivals(rig, 1), ["d"]);
  await rig.peer.send({ type: "puback", packetId: 3 });
  assertEquals(await outcomes([third, fourth]), ["done", "done"]);
});

Deno.test("A full outbox refuses, or lets wait until a signal aborts", async () => {
  const refusing = memoryOutbox({ maximumCount: 1, whenFull: "reject" });
  await using rig = new Rig({ outbox: refusing });
  await rig.client.publish("t", "a", STORED);
  await assertRejects(() => rig.client.publish("t", "b", STORED), OutboxFullError);

  await using other = new Rig({ outbox: memoryOutbox({ maximumCount: 1 }) });
  await other.client.publish("t", "a", STORED);
  const controller = new AbortController();
  const waiting = other.client.publish("t", "b", { ...STORED, signal: controller.signal });
  await settled();
  controller.abort(new Error("enough"));
  await assertRejects(() => waiting, Error, "enough");
});

Deno.test("A signal ends the wait for the acknowledgement, and the message stays", async () => {
  const outbox = memoryOutbox();
  await using rig = await Rig.connected({ outbox });
  const controller = new AbortController();
  const waiting = rig.client.publish("t", "a", { qos: 1, signal: controller.signal });
  await rig.peer.expect("publish");
  controller.abort(new Error("enough"));
  await assertRejects(() => waiting, Error, "enough");
  assertEquals(outbox.count, 1);
  await rig.peer.send({ type: "puback", packetId: 1 });
  assertEquals(outbox.count, 0);
  await assertRejects(
    () => rig.client.publish("t", "a", { qos: 1, signal: AbortSignal.abort(new Error("early")) }),
    Error,
    "early",
  );
  assertEquals(outbox.count, 0);
});

Deno.test("Damaged messages are told of and passed over; they stay in the outbox", async () => {
  const outbox = new DamagedOutbox(LIMITS);
  await using rig = await Rig.connected({ outbox });
  const failures = failuresOf(rig);
  const all = ["a", "b", "c", "d"].map((payload) => rig.client.publish("t", payload, { qos: 1 }));
  assertEquals(await arrivals(rig, 2), ["a", "d"]);
  await rig.peer.send({ type: "puback", packetId: 1 }, { type: "puback", packetId: 2 });
  assertEquals(await outcomes(all), ["done", "STORE_DAMAGED", "STORE_DAMAGED", "done"]);
  assertEquals(failures.length, 1);
  assertInstanceOf(failures[0], DamagedMessagesError);
  assertEquals(outbox.count, 2);
});

Deno.test("An outbox that cannot be read is read again after five seconds", async () => {
  const outbox = new FailingOutbox();
  await using rig = await Rig.connected({ outbox });
  const failures = failuresOf(rig);
  outbox.failures.read = 2;
  const publishing = rig.client.publish("t", "a", { qos: 1 });
  await rig.clock.advance(4999);
  assertEquals([failures.length, rig.peer.waiting], [1, 0]);
  await rig.clock.advance(1);
  assertEquals([failures.length, rig.peer.waiting], [2, 0]);
  await rig.clock.advance(5000);
  assertEquals(await arrivals(rig, 1), ["a"]);
  await rig.peer.send({ type: "puback", packetId: 1 });
  await publishing;
  assertEquals(failures.length, 2);
});

Deno.test("What is delivered and cannot be removed is told of, and not sent again by this client", async () => {
  const outbox = new FailingOutbox();
  await using rig = await Rig.connected({ outbox });
  const failures = failuresOf(rig);
  outbox.failures.remove = 1;
  const publishing = rig.client.publish("t", "a", { qos: 1 });
  await arrivals(rig, 1);
  await rig.peer.send({ type: "puback", packetId: 1 });
  await publishing;
  assertInstanceOf(failures[0], StoreError);
  assertEquals(outbox.count, 1);
  rig.peer.close();
  await settled();
  await rig.connect();
  const next = rig.client.publish("t", "b", { qos: 1 });
  assertEquals(await arrivals(rig, 1), ["b"]);
  await rig.peer.send({ type: "puback", packetId: 2 });
  await next;
});

Deno.test("A stored message that MQTT 3.1.1 forbids is told of and removed; those behind it leave", async () => {
  const outbox = memoryOutbox();
  await outbox.open();
  const payload = new Uint8Array(1);
  for (const topic of ["a", "b/#", "c"]) {
    await outbox.add({ topic, payload, qos: 1, retain: false });
  }
  await using rig = new Rig({ outbox });
  const failures = failuresOf(rig);
  await rig.connect();
  const topics = [await rig.peer.expect("publish"), await rig.peer.expect("publish")];
  assertEquals(topics.map(({ topic }) => topic), ["a", "c"]);
  assertInstanceOf(failures[0], TypeError);
  assertEquals(outbox.count, 2);
});

Deno.test("connect() and publish() fail with what the outbox fails with, and may be tried again", async () => {
  const outbox = new FailingOutbox();
  await using rig = new Rig({ outbox });
  outbox.failures.open = 2;
  const codes = [
    ...await outcomes([rig.client.connect()]),
    ...await outcomes([rig.client.publish("t", "a", STORED)]),
  ];
  assertEquals(codes, ["STORE_NOT_WRITABLE", "STORE_NOT_WRITABLE"]);
  assertEquals(rig.client.state, "disconnected");
  await rig.connect();
});

Deno.test("close() ends a connect that is opening the outbox, which is free afterwards", async () => {
  const outbox = memoryOutbox();
  await using rig = new Rig({ outbox });
  const connecting = rig.client.connect();
  const [outcome] = await Promise.all([outcomes([connecting]), rig.client.close()]);
  assertEquals([outcome, rig.client.state], [["CONNECTION_CLOSED"], "disconnected"]);
  await using other = new Rig({ outbox });
  await other.connect();
});

type HeldCall = "open" | "add" | "read" | "close";

/** An outbox whose calls take until they are let go. */
class SlowOutbox extends MemoryOutbox {
  readonly #held: Partial<Record<HeldCall, Promise<void>>> = {};

  constructor() {
    super(LIMITS);
  }

  /** Such calls wait from now on until what this returns is called. */
  hold(call: HeldCall): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held[call] = promise;
    return () => {
      delete this.#held[call];
      resolve();
    };
  }

  override async open(): Promise<void> {
    await this.#held.open;
    await super.open();
  }

  override async add(...args: Parameters<MemoryOutbox["add"]>): Promise<number> {
    const sequence = await super.add(...args);
    await this.#held.add;
    return sequence;
  }

  override async read(after: number, limit: number): Promise<StoredMessage[]> {
    const batch = await super.read(after, limit);
    await this.#held.read;
    return batch;
  }

  override async close(): Promise<void> {
    await this.#held.close;
    await super.close();
  }
}

Deno.test("connect() waits for an outbox no longer than its deadline and its signal say", async () => {
  const outbox = new SlowOutbox();
  await using rig = new Rig({ outbox });
  const release = outbox.hold("open");
  const late = outcomes([rig.client.connect({ deadlineMs: 100 })]);
  await rig.clock.advance(100);
  assertEquals([await late, rig.client.state], [["DEADLINE_EXCEEDED"], "disconnected"]);
  const controller = new AbortController();
  const aborted = rig.client.connect({ signal: controller.signal });
  controller.abort(new Error("Not any more"));
  await assertRejects(() => aborted, Error, "Not any more");
  assertEquals(rig.client.state, "disconnected");
  release();
  await rig.connect();
});

Deno.test("A message that is stored while the connection goes fails to be delivered, and is kept", async () => {
  const outbox = new SlowOutbox();
  await using rig = await Rig.connected({ outbox });
  const release = outbox.hold("add");
  const waiting = rig.client.publish("t", "a", { qos: 1 });
  rig.peer.close();
  await settled();
  release();
  assertEquals([await outcomes([waiting]), outbox.count], [["CONNECTION_LOST"], 1]);
});

Deno.test("What was being read when all was given up leaves behind what is older", async () => {
  const outbox = new SlowOutbox();
  await using rig = await Rig.connected({ outbox });
  await rig.client.publish("t", "a", STORED);
  await arrivals(rig, 1);
  const release = outbox.hold("read");
  await rig.client.publish("t", "b", STORED);
  await settled();
  rig.peer.close();
  await settled();
  await rig.connect();
  release();
  assertEquals(await arrivals(rig, 2), ["a", "b"]);
});

Deno.test("connect() right after close() waits until the outbox is closed", async () => {
  const outbox = new SlowOutbox();
  await using rig = await Rig.connected({ outbox });
  await rig.client.publish("t", "a", STORED);
  await arrivals(rig, 1);
  const release = outbox.hold("close");
  const closing = rig.client.close();
  await settled();
  const connecting = rig.client.connect();
  await settled();
  assertEquals(rig.transport.peers.length, 1);
  release();
  await closing;
  await settled();
  await rig.peer.accept();
  await connecting;
  assertEquals(await arrivals(rig, 1), ["a"]);
});

Deno.test("close() leaves no timer of an outbox that could not be read", async () => {
  const outbox = new FailingOutbox();
  await using rig = await Rig.connected({ outbox });
  outbox.failures.read = 1;
  await rig.client.publish("t", "a", STORED);
  await settled();
  await rig.client.close();
  assertEquals(rig.clock.pending, 0);
});
