/**
 * N9: single bytes that are damaged on their way through TLS, at many places, over both kinds of TLS. What comes of it
 * is never to stop a device for good.
 */

import { assertEquals, assertInstanceOf } from "@std/assert";
import { BackOff } from "../../src/client/back_off.ts";
import { HubwireError } from "../../src/errors.ts";
import {
  type Connection,
  tlsTransport,
  type TlsTransportOptions,
  type Transport,
} from "../../src/transport/mod.ts";
import { startBroker } from "../_kit/broker.ts";
import { authorityPem, deviceIdentity, testAuthority } from "../_kit/certs.ts";
import { receive, startFarEnd } from "../_kit/far_end.ts";
import { FaultProxy, type FaultRule } from "../_kit/fault_proxy.ts";
import { Dice } from "../_kit/packet_generators/dice.ts";
import { SEED } from "../_kit/seed.ts";

const KINDS = [["Deno.connectTls", false], ["node:tls", true]] as const;
const DIRECTIONS = ["toServer", "toClient"] as const;

/** In the type of a record, its encrypted bytes, or its seal; other damage only makes the reader wait. */
const DAMAGES: readonly [offset: number, mask: number][] = [
  [0, 0xff],
  [5, 0x10],
  [20, 0xff],
  [90, 1],
];

type Dial = Pick<TlsTransportOptions, "port" | "noDelay" | "handshakeDeadlineMs">;

async function transportTo(dial: Dial): Promise<Transport> {
  return tlsTransport({
    ...dial,
    hostname: "localhost",
    caCerts: [authorityPem(await testAuthority())],
    credentials: await deviceIdentity("d1"),
  });
}

/** What came of the handshake; `undefined` if nothing. */
async function shakeHands(dial: Dial): Promise<HubwireError | undefined> {
  const transport = await transportTo(dial);
  let connection: Connection | undefined;
  try {
    connection = await transport.connect();
  } catch (error) {
    assertInstanceOf(error, HubwireError);
    return error;
  } finally {
    connection?.close();
  }
  return undefined;
}

for (const [name, noDelay] of KINDS) {
  for (const version of ["1.2", "1.3"] as const) {
    Deno.test(`N9 a byte damaged in a handshake of TLS ${version} over ${name} is no reason to stop`, async () => {
      const dice = new Dice(SEED);
      await using broker = await startBroker({ tls: { version } });
      for (const direction of DIRECTIONS) {
        const places = Array.from({ length: 16 }, (_, n) => n < 4 ? n * 3 : dice.below(1200));
        for (const after of places) {
          const rule: FaultRule = { kind: "corrupt", direction, after, mask: 1 << dice.below(8) };
          await using proxy = await FaultProxy.start({ target: { port: broker.port } });
          proxy.inflict(rule);
          // Some damage makes one side wait for bytes that never come.
          const dial = { port: proxy.port, noDelay, handshakeDeadlineMs: 250 };
          const error = await shakeHands(dial);
          if (!error) continue;
          const next = new BackOff().failed(error, 0);
          assertEquals(typeof next, "number", `${JSON.stringify(rule)}: ${error.code} ${error}`);
        }
      }
    });
  }

  Deno.test(`N9 a byte damaged after the handshake over ${name} is a lost connection, and nothing else`, async () => {
    await using server = await startFarEnd({ tls: true });
    for (const direction of DIRECTIONS) {
      for (const [offset, mask] of DAMAGES) {
        let passed = 0;
        await using proxy = await FaultProxy.start({
          target: { port: server.port },
          onFault: (_, { at }) => passed = at,
        });
        const connection = await (await transportTo({ port: proxy.port, noDelay })).connect();
        const far = await server.accept();
        // Whatever TLS itself still has to say is through with that.
        await connection.write(new Uint8Array(1));
        await receive(far, 1);
        far.write(new Uint8Array(1));
        assertEquals(await connection.read(new Uint8Array(9)), 1);
        // That does nothing but tell how far it is.
        proxy.inflict({ kind: "slice", size: 65_536, direction });
        proxy.inflict({ kind: "corrupt", direction, after: passed + offset, mask });
        if (direction === "toClient") far.write(new Uint8Array(100));
        else await connection.write(new Uint8Array(100));
        const outcome = await connection.read(new Uint8Array(200))
          .then((count) => count, ({ code, retryable }: HubwireError) => [code, retryable]);
        connection.close();
        assertEquals(outcome, ["CONNECTION_LOST", true], `${direction} ${offset} ${mask}`);
      }
    }
  });
}
