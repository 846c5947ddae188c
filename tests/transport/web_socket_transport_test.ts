/** What `webSocketTransport` does beyond the contract, which contract_test.ts asks for. */

import { assert, assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import { createServer as createHttpServer } from "node:http";
import { connect, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { once } from "node:events";
import { MqttClient } from "../../src/client/mod.ts";
import { HubwireError, ProtocolError, WebSocketRefusedError } from "../../src/errors.ts";
import { type Connection, webSocketTransport } from "../../src/transport/mod.ts";
import { startBroker } from "../_kit/broker.ts";
import {
  authorityPem,
  deviceIdentity,
  identityPem,
  serverIdentity,
  testAuthority,
} from "../_kit/certs.ts";
import { startFarEnd } from "../_kit/far_end.ts";
import { fromHex } from "../_kit/hex.ts";
import { startWebSocketBridge } from "../_kit/web_socket_bridge.ts";

async function caCerts(): Promise<string[]> {
  return [authorityPem(await testAuthority())];
}

async function failure(work: Promise<unknown>): Promise<HubwireError> {
  return await assertRejects(() => work, HubwireError);
}

/** A WebSocket whose server's end is bytes in a test's hands. */
async function byHand() {
  const server = await startFarEnd();
  const connecting = webSocketTransport({ url: `ws://127.0.0.1:${server.port}/` }).connect();
  const peer = await server.accept();
  let head = "";
  while (!head.endsWith("\r\n\r\n")) {
    head += peer.read()?.toString() ?? (await once(peer, "readable"), "");
  }
  const key = /^sec-websocket-key: (.*)\r$/im.exec(head)?.[1];
  // RFC 6455, section 1.3.
  const proof = new TextEncoder().encode(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
  const accept = new Uint8Array(await crypto.subtle.digest("SHA-1", proof)).toBase64();
  peer.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const connection = await connecting;
  const dispose = async () => {
    connection.close();
    await server[Symbol.asyncDispose]();
  };
  return { connection, peer, [Symbol.asyncDispose]: dispose };
}

async function readSome(connection: Connection): Promise<number[]> {
  const buffer = new Uint8Array(100);
  return [...buffer.subarray(0, await connection.read(buffer) ?? 0)];
}

for (const protocol of ["ws", "wss"] as const) {
  Deno.test(`MqttClient and a broker meet over ${protocol}://, whatever the frames [MQTT-6.0.0-2] [MQTT-6.0.0-3]`, async () => {
    await using broker = await startBroker();
    await using bridge = await startWebSocketBridge({
      to: broker.port,
      tls: protocol === "wss",
      frameSize: 3,
    });
    const transport = webSocketTransport({
      url: `${protocol}://localhost:${bridge.port}/mqtt?a=b`,
      caCerts: await caCerts(),
      headers: { Authorization: "Bearer x" },
    });
    await using client = new MqttClient({ transport, clientId: "browser" });
    await client.connect();
    await client.subscribe("over/http", { qos: 2 });
    const messages = client.messages();
    await client.publish("over/http", "x".repeat(5000), { qos: 2 });
    const { value: message } = await messages.next();
    assertEquals([message.topic, message.payload.length], ["over/http", 5000]);
    await messages.return?.();
    const [request] = bridge.requests;
    assertEquals(new URL(request?.url ?? "").search, "?a=b");
    assertEquals(request?.headers.get("authorization"), "Bearer x");
    assertEquals(request?.headers.get("sec-websocket-protocol"), "mqtt");
  });
}

Deno.test("webSocketTransport() shows a client certificate", async () => {
  await using server = await startFarEnd();
  await using bridge = await startWebSocketBridge({ to: server.port });
  const names: unknown[] = [];
  const gate = createTlsServer({
    ...identityPem(await serverIdentity()),
    ca: await caCerts(),
    requestCert: true,
  }, (socket) => {
    names.push(socket.getPeerCertificate().subject.CN);
    const behind = connect(bridge.port, "127.0.0.1");
    for (const end of [socket, behind]) end.on("error", () => {});
    socket.pipe(behind).pipe(socket);
  });
  gate.on("tlsClientError", () => {});
  gate.listen(0, "127.0.0.1");
  await once(gate, "listening");
  const { port } = gate.address() as { port: number };
  const options = { url: `wss://localhost:${port}/`, caCerts: await caCerts() };
  const credentials = await deviceIdentity("d1");
  const connection = await webSocketTransport({ ...options, credentials }).connect();
  assertEquals(names, ["d1"]);
  connection.close();
  await new Promise((resolve) => bridge.sockets[0]?.addEventListener("close", resolve));
  // That it is refused for want of a certificate, Deno does not tell.
  assertEquals((await failure(webSocketTransport(options).connect())).code, "WEBSOCKET_REFUSED");
  gate.close();
});

Deno.test("webSocketTransport() tells what is wrong with the server's certificate", async () => {
  await using bridge = await startWebSocketBridge({ to: 1, tls: true });
  const url = `wss://localhost:${bridge.port}/`;
  const error = await failure(webSocketTransport({ url }).connect());
  assertEquals(error.code, "TLS_SERVER_UNTRUSTED");
});

Deno.test("webSocketTransport() tells a key that is not the certificate's", async () => {
  const [{ certificateChain }, { privateKey }] = [
    await deviceIdentity("a"),
    await deviceIdentity("b"),
  ];
  const credentials = { certificateChain, privateKey };
  const transport = webSocketTransport({ url: "wss://127.0.0.1:1/", credentials });
  assertEquals((await failure(transport.connect())).code, "CREDENTIAL_KEY_MISMATCH");
});

for (const [status, retryable] of [[403, false], [404, false], [503, true]] as const) {
  for (const protocol of ["ws", "wss"] as const) {
    Deno.test(`webSocketTransport() takes status ${status} over ${protocol}:// for a refusal`, async () => {
      await using bridge = await startWebSocketBridge({ to: 1, status, tls: protocol === "wss" });
      const url = `${protocol}://localhost:${bridge.port}/`;
      const transport = webSocketTransport({ url, caCerts: await caCerts() });
      const error = await failure(transport.connect());
      assertInstanceOf(error, WebSocketRefusedError);
      // Over TLS Deno does not tell.
      const told = protocol === "ws" ? [status, retryable] : [undefined, true];
      assertEquals([error.status, error.retryable], told);
    });
  }
}

Deno.test("webSocketTransport() wants the server to agree to MQTT [MQTT-6.0.0-4]", async () => {
  await using server = await startFarEnd();
  await using bridge = await startWebSocketBridge({ to: server.port, protocol: "none" });
  const transport = webSocketTransport({ url: `ws://127.0.0.1:${bridge.port}/` });
  const error = await failure(transport.connect());
  assertInstanceOf(error, ProtocolError);
  assertEquals([error.party, error.statement], ["remote", "MQTT-6.0.0-4"]);
});

Deno.test("webSocketTransport() tells what is no HTTP", async () => {
  const server = createHttpServer((_, response) => response.end("hello"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const transport = webSocketTransport({ url: `ws://127.0.0.1:${port}/` });
  assertEquals((await failure(transport.connect())).code, "WEBSOCKET_REFUSED");
  server.close();
});

Deno.test("webSocketTransport() does not take text for MQTT, and closes [MQTT-6.0.0-1]", async () => {
  await using hand = await byHand();
  hand.peer.write(fromHex("8201 01" + "8102 6869" + "8201 02"));
  assertEquals(await readSome(hand.connection), [1]);
  const error = await failure(readSome(hand.connection));
  assertInstanceOf(error, ProtocolError);
  assertEquals([error.code, error.statement], ["MQTT_PROTOCOL_VIOLATION", "MQTT-6.0.0-1"]);
  assertEquals((await failure(hand.connection.write(new Uint8Array(1)))).code, error.code);
});

Deno.test("webSocketTransport() reads messages that came in fragments, and empty ones", async () => {
  await using hand = await byHand();
  hand.peer.write(fromHex("0201 01" + "8001 02" + "8200" + "8201 03"));
  assertEquals(await readSome(hand.connection), [1, 2]);
  assertEquals(await readSome(hand.connection), [3]);
});

const CLOSINGS: [title: string, close: (peer: Socket) => void, why: string | undefined][] = [
  ["1000", (peer) => peer.write(fromHex("8802 03e8")), undefined],
  ["1001", (peer) => peer.write(fromHex("8802 03e9")), undefined],
  ["no code", (peer) => peer.write(fromHex("8800")), undefined],
  ["1008", (peer) => peer.write(fromHex("8802 03f0")), "its rules do not allow this"],
  ["1011", (peer) => peer.write(fromHex("8802 03f3")), "it failed"],
  ["4711", (peer) => peer.write(fromHex("8802 1267")), "code 4711"],
  ["a broken connection", (peer) => peer.destroy(), "the connection broke"],
];

for (const [title, close, why] of CLOSINGS) {
  Deno.test(`webSocketTransport() takes ${title} for ${why === undefined ? "the end" : "a loss"}`, async () => {
    await using hand = await byHand();
    close(hand.peer);
    if (why === undefined) {
      assertEquals(await hand.connection.read(new Uint8Array(1)), null);
    } else {
      const error = await failure(readSome(hand.connection));
      assertEquals([error.code, error.why], ["CONNECTION_LOST", `the server closed it: ${why}`]);
    }
  });
}

Deno.test("webSocketTransport() lets a write wait for a server that does not read", async () => {
  await using hand = await byHand();
  const piece = new Uint8Array(1_000_000);
  let written = 0;
  const failing = failure((async () => {
    for (; written < 100; written++) await hand.connection.write(piece);
  })());
  // The kernel takes a few megabytes. It is stuck when nothing has moved for this many turns of the event loop.
  let before = -1;
  for (let still = 0; still < 200; still = written === before ? still + 1 : 0) {
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  assert(written < 50, `${written} MB have been taken`);
  hand.connection.close();
  assertEquals((await failing).code, "CONNECTION_CLOSED");
});

Deno.test("webSocketTransport() gives up what nobody reads before it fills the memory", async () => {
  await using server = await startFarEnd();
  await using bridge = await startWebSocketBridge({ to: server.port });
  const connection = await webSocketTransport({ url: `ws://127.0.0.1:${bridge.port}/` }).connect();
  const [socket] = bridge.sockets;
  assert(socket);
  const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
  for (let count = 0; count < 66; count++) socket.send(new Uint8Array(1024 * 1024));
  await closed;
  const buffer = new Uint8Array(1024 * 1024);
  const error = await failure((async () => {
    while (await connection.read(buffer) !== null);
  })());
  assertEquals(error.code, "CONNECTION_LOST");
  assert(error.why.includes("not read in time"), error.why);
  connection.close();
});

Deno.test("webSocketTransport() refuses what cannot be dialled, before any I/O", () => {
  const urls = ["", "mqtt", "https://h/", "wss://me:geheim@h/", "wss://h/#x", "ws://"];
  for (const url of urls) {
    const error = assertThrows(() => webSocketTransport({ url }), TypeError);
    assert(!error.message.includes("geheim"));
  }
  const url = "wss://h/mqtt";
  assertThrows(() => webSocketTransport({ url, headers: { "a b": "c" } }), TypeError);
  assertThrows(() => webSocketTransport({ url, caCerts: ["garbage"] }), TypeError, "caCerts");
  assertThrows(() => webSocketTransport({ url, connectDeadlineMs: 0 }), RangeError);
  assertEquals(webSocketTransport({ url }).address, "h:443");
  assertEquals(webSocketTransport({ url: new URL("ws://[::1]/") }).address, "[::1]:80");
});
