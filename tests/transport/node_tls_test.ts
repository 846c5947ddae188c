/** What `tlsTransport` does over `node:tls` beyond the contract; the rest is in tls_transport_test.ts. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { once } from "node:events";
import { createServer, type Server } from "node:tls";
import { encodePem } from "../../src/credentials/pem.ts";
import { type HubwireError, TlsError } from "../../src/errors.ts";
import { tlsTransport } from "../../src/transport/mod.ts";
import {
  authorityPem,
  deviceIdentity,
  identityPem,
  serverIdentity,
  strangeAuthority,
  testAuthority,
} from "../_kit/certs.ts";
import { gone, startFarEnd } from "../_kit/far_end.ts";
import { run } from "../_kit/processes.ts";
import { tempFolder } from "../_kit/temp.ts";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const MOD = new URL("../../src/mqtt.ts", import.meta.url).href;

/** A TLS server with certificates of a test's making. */
async function serve(certificateChain: Uint8Array[], privateKey: Uint8Array) {
  const server: Server = createServer(identityPem({ certificateChain, privateKey }), (socket) => {
    socket.on("error", () => {});
    socket.end("hello");
  });
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as { port: number }).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      await closed;
    },
  };
}

/** Connects and closes; the error if there is one. */
async function tryOut(
  port: number,
  options: { hostname?: string; noDelay?: boolean } = {},
): Promise<HubwireError | undefined> {
  const { hostname = "localhost", noDelay = true } = options;
  const caCerts = [authorityPem(await testAuthority())];
  try {
    (await tlsTransport({ hostname, port, caCerts, noDelay }).connect()).close();
  } catch (error) {
    return error as HubwireError;
  }
  return undefined;
}

/** One element of DER: its tag and the bytes in it. */
interface Element {
  tag: number;
  content: Uint8Array;
}

function readElements(bytes: Uint8Array): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const [tag = 0, first = 0] = bytes.subarray(at, at + 2);
    const more = first < 128 ? 0 : first - 128;
    const size = bytes.subarray(at + 2, at + 2 + more).reduce((sum, byte) => sum * 256 + byte, 0);
    const start = at + 2 + more;
    at = start + (more === 0 ? first : size);
    elements.push({ tag, content: bytes.subarray(start, at) });
  }
  return elements;
}

function writeElements(elements: Element[]): Uint8Array {
  return Uint8Array.from(
    elements.flatMap(({ tag, content }) => {
      const { length } = content;
      const size = length < 128
        ? [length]
        : length < 256
        ? [0x81, length]
        : [0x82, length >> 8, length & 255];
      return [tag, ...size, ...content];
    }),
  );
}

/** A certificate of version 1 has neither a version nor extensions. */
function asVersion1(certificate: Uint8Array): Uint8Array {
  const [outer] = readElements(certificate);
  assert(outer);
  const [body, ...signature] = readElements(outer.content);
  assert(body);
  const kept = readElements(body.content).filter(({ tag }) => tag !== 0xa0 && tag !== 0xa3);
  const shorter = { tag: body.tag, content: writeElements(kept) };
  return writeElements([{ tag: outer.tag, content: writeElements([shorter, ...signature]) }]);
}

for (const noDelay of [false, true]) {
  const name = `tlsTransport({ noDelay: ${noDelay} })`;

  Deno.test(`${name} refuses a version 1 certificate that only names a trusted authority`, async () => {
    // Both authorities have the same name; only the signature tells them apart.
    const forged = await (await strangeAuthority()).issueServer("localhost");
    const [leaf] = forged.certificateChain;
    assert(leaf);
    await using server = await serve([asVersion1(leaf)], forged.privateKey);
    const error = await tryOut(server.port, { noDelay });
    assert(error instanceof TlsError);
    assertEquals(error.code, "TLS_SERVER_UNTRUSTED");
  });

  Deno.test(`${name} refuses a forged certificate behind one that cannot be read`, async () => {
    const strange = await strangeAuthority();
    const forged = await strange.issueServer("localhost");
    const [leaf] = forged.certificateChain;
    assert(leaf);
    const chain = [leaf, asVersion1(strange.certificate)];
    await using server = await serve(chain, forged.privateKey);
    const error = await tryOut(server.port, { noDelay });
    assertEquals(error?.code, "TLS_SERVER_UNTRUSTED");
  });

  Deno.test(`${name} takes a server whose certificate has intermediates between`, async () => {
    const upper = await (await testAuthority()).issueIntermediate("upper");
    const lower = await upper.issueIntermediate("lower");
    const { certificateChain, privateKey } = await lower.issueServer("localhost");
    await using server = await serve(certificateChain, privateKey);
    assertEquals(await tryOut(server.port, { noDelay }), undefined);
  });

  Deno.test(`${name} takes a server by its IP address where its certificate has that`, async () => {
    const { certificateChain, privateKey } = await serverIdentity();
    await using server = await serve(certificateChain, privateKey);
    assertEquals(await tryOut(server.port, { hostname: "127.0.0.1", noDelay }), undefined);
  });

  Deno.test(`${name} does not take the certificate of a device for a server's`, async () => {
    const { certificateChain, privateKey } = await deviceIdentity("localhost");
    await using server = await serve(certificateChain, privateKey);
    const error = await tryOut(server.port, { noDelay });
    assertEquals(error?.code, "TLS_SERVER_UNTRUSTED");
    assertStringIncludes(`${error?.remedy}`, "allowed for server authentication");
  });

  Deno.test(`${name} says for which names a certificate is`, async () => {
    const issued = await (await testAuthority()).issueServer("other.example", {
      alternativeNames: ["more.example"],
    });
    await using server = await serve(issued.certificateChain, issued.privateKey);
    assertEquals(
      (await tryOut(server.port, { noDelay }))?.why,
      "the server's certificate is for other.example, more.example, not for localhost",
    );
  });

  Deno.test(`${name} tells a key that is of no use`, async () => {
    const { certificateChain } = await deviceIdentity("d1");
    const credentials = { certificateChain, privateKey: new Uint8Array(9) };
    await using server = await startFarEnd({ tls: true });
    const transport = tlsTransport({
      hostname: "localhost",
      port: server.port,
      noDelay,
      credentials,
    });
    const error = await transport.connect().then(() => undefined, (error) => error);
    assertEquals(error?.code, "CREDENTIAL_UNSUPPORTED");
  });

  Deno.test(`${name} leaves in the network what nobody reads`, async () => {
    await using server = await startFarEnd({ tls: true });
    await using relay = startCountingRelay(server.port);
    const caCerts = [authorityPem(await testAuthority())];
    const transport = tlsTransport({ hostname: "localhost", port: relay.port, caCerts, noDelay });
    const connection = await transport.connect();
    const peer = await server.accept();
    const total = 40_000_000;
    peer.write(new Uint8Array(total));
    assertEquals(await connection.read(new Uint8Array(1)), 1);
    // It is stuck when nothing has moved while the event loop went round this often.
    let before = -1;
    for (let still = 0; still < 200; still = relay.passed === before ? still + 1 : 0) {
      before = relay.passed;
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    assert(relay.passed < total / 2, `${relay.passed} bytes have left the network`);
    connection.close();
    await gone(peer);
  });
}

/** A hop that counts what it has passed on to the client. */
function startCountingRelay(to: number) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const relay = { port: listener.addr.port, passed: 0 };
  const work = (async () => {
    const client = await listener.accept();
    const server = await Deno.connect({ hostname: "127.0.0.1", port: to });
    const buffers = [new Uint8Array(65_536), new Uint8Array(65_536)] as const;
    const pump = async (from: Deno.Conn, into: Deno.Conn, buffer: Uint8Array<ArrayBuffer>) => {
      for (let got = await from.read(buffer); got !== null; got = await from.read(buffer)) {
        for (let sent = 0; sent < got;) sent += await into.write(buffer.subarray(sent, got));
        if (into === client) relay.passed += got;
      }
    };
    const back = pump(server, client, buffers[0]).catch(broken);
    await pump(client, server, buffers[1]).catch(broken);
    server.close();
    await back;
    client.close();
  })();
  return {
    get passed() {
      return relay.passed;
    },
    port: relay.port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await work;
    },
  };
}

function broken(error: unknown): void {
  const { BadResource, BrokenPipe, ConnectionReset, Interrupted } = Deno.errors;
  if (
    ![BadResource, BrokenPipe, ConnectionReset, Interrupted].some((kind) => error instanceof kind)
  ) {
    throw error;
  }
}

/** Connects in a process of its own, without `caCerts`: Deno's own authorities have to vouch. */
async function connectElsewhere(flags: string[], env: Record<string, string>) {
  await using folder = await tempFolder();
  const { certificateChain, privateKey } = await serverIdentity();
  await using server = await serve(certificateChain, privateKey);
  const authority = await folder.write(
    "authority.pem",
    encodePem("CERTIFICATE", (await testAuthority()).certificate),
  );
  const program = await folder.write(
    "connect.ts",
    `import { tlsTransport } from ${JSON.stringify(MOD)};
     const transport = tlsTransport({ hostname: "localhost", port: ${server.port}, noDelay: true });
     try {
       (await transport.connect()).close();
       console.log("connected");
     } catch (error) {
       console.log(error.code, error.remedy);
     }`,
  );
  const names = Object.entries(env).map(([key, value]) => [key, value || authority]);
  const { stdout, stderr } = await run(
    [Deno.execPath(), "run", "--no-prompt", `--config=${CONFIG}`, ...flags, program],
    { env: Object.fromEntries(names) },
  );
  assertEquals(stderr, "");
  return stdout.trim();
}

Deno.test("tlsTransport({ noDelay: true }) names the flag that it needs to know those", async () => {
  const said = await connectElsewhere(["--allow-net"], { DENO_CERT: "" });
  assertEquals(said, "PERMISSION_MISSING Run again with --allow-sys");
});

Deno.test("tlsTransport({ noDelay: true }) does not obey NODE_TLS_REJECT_UNAUTHORIZED", async () => {
  const said = await connectElsewhere(["-A"], { NODE_TLS_REJECT_UNAUTHORIZED: "0" });
  assertEquals(said.split(" ")[0], "TLS_SERVER_UNTRUSTED");
});
