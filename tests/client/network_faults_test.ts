/** What a client makes of a network that fails, over real sockets and a real broker, through a bad network. */

import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { MqttClient, type MqttClientOptions } from "../../src/client/mod.ts";
import { type HubwireError, KeepAliveTimeoutError } from "../../src/errors.ts";
import { tcpTransport, tlsTransport, type Transport } from "../../src/transport/mod.ts";
import { startBroker, type TestBroker } from "../_kit/broker.ts";
import { deviceIdentity } from "../_kit/certs.ts";
import { FaultProxy } from "../_kit/fault_proxy.ts";
import { settled, VirtualClock } from "../_kit/virtual_clock.ts";
import { outcomes } from "./_rig.ts";

type Kind = "tcp" | "tls";

/** A client, a bad network, a broker. */
class Net implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly client: MqttClient;
  /** Settles with what ended the connection. */
  readonly ended: Promise<HubwireError | undefined>;

  private constructor(
    readonly proxy: FaultProxy,
    readonly broker: TestBroker,
    options: Partial<MqttClientOptions> & { transport: Transport },
  ) {
    this.client = new MqttClient({
      clientId: "d1",
      clock: this.clock,
      reconnect: false,
      ...options,
    });
    const { promise, resolve } = Promise.withResolvers<HubwireError | undefined>();
    this.ended = promise;
    this.client.addEventListener("statechange", ({ newState, cause }) => {
      if (newState === "disconnected") resolve(cause);
    });
  }

  static async open(kind: Kind, options: Partial<MqttClientOptions> = {}): Promise<Net> {
    const broker = await startBroker(kind === "tls" ? { tls: {} } : {});
    const proxy = await FaultProxy.start({ target: { port: broker.port }, seed: 5 });
    const { port } = proxy;
    const transport = kind === "tcp"
      ? tcpTransport({ hostname: "127.0.0.1", port })
      : tlsTransport({
        hostname: "localhost",
        port,
        caCerts: [broker.caCertificate],
        credentials: await deviceIdentity("d1"),
      });
    return new Net(proxy, broker, { transport, ...options });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await this.proxy[Symbol.asyncDispose]();
    await this.broker.close();
  }
}

const CUTS = ["reset", "truncate", "halfClose"] as const;

for (const kind of ["tcp", "tls"] as const) {
  for (const cut of CUTS) {
    Deno.test(`N9 ${cut} over ${kind} ends all that was under way, and the client connects again`, async () => {
      for (const direction of ["toServer", "toClient"] as const) {
        await using net = await Net.open(kind);
        await net.client.connect();
        // The broker hears of nothing, so that all of it is under way.
        net.proxy.inflict({ kind: "hold", until: new Promise(() => {}), direction: "toServer" });
        const waiting = outcomes([
          net.client.publish("t", "x", { qos: 1 }),
          net.client.publish("t", "x", { qos: 2 }),
          net.client.subscribe("t"),
          net.client.unsubscribe("t"),
          net.client.messages().next(),
        ]);
        net.proxy.inflict({ kind: cut, direction });
        assertEquals(await waiting, Array(5).fill("CONNECTION_LOST"));
        const cause = await net.ended;
        assertEquals([cause?.retryable, net.clock.pending], [true, 0]);
        net.proxy.heal();
        await net.client.connect();
        await net.client.publish("t", "again", { qos: 1 });
      }
    });
  }

  Deno.test(`N9 ${kind}: a connection cut while CONNACK is awaited`, async () => {
    for (const cut of CUTS) {
      await using net = await Net.open(kind);
      net.client.addEventListener("statechange", ({ newState }) => {
        if (newState !== "transportConnected") return;
        net.proxy.inflict({ kind: cut, direction: "toClient" });
      });
      const error = await assertRejects(() => net.client.connect()) as HubwireError;
      assertEquals([error.code, net.client.state], ["CONNECTION_LOST", "disconnected"], cut);
      await net.proxy.idle();
    }
  });

  Deno.test(`N8 a black hole over ${kind} is noticed while QoS 0 is published every second`, async () => {
    for (const directions of [["toServer"], ["toClient"], ["toServer", "toClient"]] as const) {
      await using net = await Net.open(kind, { keepAliveSeconds: 60 });
      await net.client.connect();
      for (const direction of directions) net.proxy.inflict({ kind: "blackhole", direction });
      for (let second = 0; net.client.state === "connected"; second++) {
        assert(second <= 90, `noticed nothing in the black hole ${directions}`);
        await net.client.publish("t", "still here");
        await net.clock.advance(1000);
      }
      assertInstanceOf(await net.ended, KeepAliveTimeoutError);
    }
  });

  Deno.test(`N9 whatever comes over ${kind} in pieces of a few bytes comes whole and in order`, async () => {
    await using net = await Net.open(kind);
    net.proxy.inflict({ kind: "slice", size: 11, direction: "toClient" });
    net.proxy.inflict({ kind: "slice", size: 11, direction: "toServer" });
    await net.client.connect();
    const got: string[] = [];
    const all = Promise.withResolvers<void>();
    await net.client.subscribe("t/#", {
      qos: 2,
      handler: ({ payload }) => {
        if (got.push(new TextDecoder().decode(payload)) === 60) all.resolve();
      },
    });
    const sent = Array.from({ length: 60 }, (_, n) => `${n} `.repeat(n));
    await Promise.all(
      sent.map((text, n) => net.client.publish("t/a", text, { qos: n % 3 as 0 | 1 | 2 })),
    );
    await all.promise;
    // Order is kept per QoS [MQTT-4.6.0-6].
    for (const qos of [0, 1, 2]) {
      const ofQos = (texts: string[]) =>
        texts.filter((text) => text.split(" ").length % 3 === (qos + 1) % 3);
      assertEquals(ofQos(got), ofQos(sent));
    }
  });
}

Deno.test("N9 a record that is corrupted on its way to the server ends a TLS connection", async () => {
  await using net = await Net.open("tls");
  await net.client.connect();
  const publishing = outcomes([net.client.publish("t", "x", { qos: 1 })]);
  net.proxy.inflict({ kind: "corrupt", direction: "toServer" });
  assertEquals(await publishing, ["CONNECTION_LOST"]);
  assertEquals((await net.ended)?.retryable, true);
  await net.proxy.idle();
});

Deno.test("N9 bytes that come twice end a TLS connection", async () => {
  await using net = await Net.open("tls");
  await net.client.connect();
  net.proxy.inflict({ kind: "duplicate", direction: "toClient" });
  await net.client.publish("t", "x", { qos: 1 });
  assertEquals((await net.ended)?.code, "CONNECTION_LOST");
});

Deno.test("N1 a broker that goes away and comes back on its port", async () => {
  await using net = await Net.open("tcp");
  net.proxy.stopAccepting();
  const error = await assertRejects(() => net.client.connect()) as HubwireError;
  assertEquals([error.code, error.retryable], ["NETWORK_REFUSED", true]);
  await net.proxy.acceptAgain();
  await net.client.connect();
  await net.client.publish("t", "x", { qos: 1 });
});

Deno.test("N3 a server that is silent after CONNECT is given up, and its socket let go", async () => {
  await using net = await Net.open("tcp", { connackDeadlineMs: 5000 });
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const silent = new MqttClient({
    clientId: "d1",
    clock: net.clock,
    connackDeadlineMs: 5000,
    reconnect: false,
    transport: tcpTransport({ hostname: "127.0.0.1", port: listener.addr.port }),
  });
  const connecting = assertRejects(() => silent.connect(), Error, "CONNACK");
  using server = await listener.accept();
  const buffer = new Uint8Array(100);
  assert(await server.read(buffer) !== null, "CONNECT");
  await settled();
  await net.clock.advance(5000);
  await connecting;
  assertEquals(await server.read(buffer), null);
});

Deno.test("N8 a peer that takes nothing any more: publishers wait, and close() does not wait for it", async () => {
  await using net = await Net.open("tcp", { keepAliveSeconds: 60 });
  await net.client.connect();
  net.proxy.inflict({ kind: "hold", until: new Promise(() => {}), direction: "toServer" });
  const payload = new Uint8Array(1 << 20);
  const waiting: Promise<unknown>[] = [];
  for (let n = 0; n < 64; n++) waiting.push(net.client.publish("t", payload));
  const ending = outcomes(waiting);
  for (let ms = 0; net.client.state === "connected"; ms += 1000) {
    assert(ms < 90_000, "noticed within one and a half keep-alives");
    await net.clock.advance(1000);
  }
  assertInstanceOf(await net.ended, KeepAliveTimeoutError);
  assert((await ending).includes("KEEP_ALIVE_TIMEOUT"));
});

Deno.test("N9 a client comes back through handshakes that are damaged again and again", async () => {
  await using net = await Net.open("tls", { reconnect: { random: () => 0 } });
  await net.client.connect();
  const causes: (string | undefined)[] = [];
  const back = Promise.withResolvers<void>();
  net.client.addEventListener("statechange", ({ newState, cause }) => {
    if (newState === "connected") back.resolve();
    if (newState !== "reconnecting") return;
    causes.push(cause?.code);
    void net.clock.advance(0);
  });
  // In the first bytes of the server's: no server speaks so.
  for (const connection of [1, 2, 3]) {
    net.proxy.inflict({ kind: "corrupt", direction: "toClient", connection });
  }
  net.proxy.resetAll();
  await back.promise;
  assertEquals(causes, ["CONNECTION_LOST", ...Array(3).fill("TLS_NOT_SPOKEN")]);
});
