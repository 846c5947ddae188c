/** Kills a device that publishes through a durable outbox, again and again: what it was promised has to hold. */
import { assert, assertEquals } from "@std/assert";
import { MqttClient, tcpTransport } from "../../src/mqtt.ts";
import { startBroker } from "../_kit/broker.ts";
import { randomFrom, SEED } from "../_kit/seed.ts";
import { tempFolder } from "../_kit/temp.ts";
import { crash, CRASHES } from "./_crash.ts";
import { opened } from "./_outboxes.ts";

const PROGRAM = new URL("./_client_program.ts", import.meta.url).pathname;
/** Every run numbers its messages from a multiple of this on. */
const RUN = 1_000_000;

Deno.test({
  name:
    `MqttClient with kvOutbox() delivers all that it said was stored, in order, over ${CRASHES} kills`,
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await tempFolder();
    await using broker = await startBroker();
    const path = folder.file("outbox.db");
    const random = randomFrom(SEED);
    const promised = new Set<number>();
    const arrived = new Set<number>();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    await using client = new MqttClient({
      transport: tcpTransport({ hostname: "127.0.0.1", port: broker.port }),
      clientId: "observer",
    });
    await client.connect();
    await client.subscribe("numbers", {
      qos: 1,
      handler: ({ payload }) => {
        const text = new TextDecoder().decode(payload);
        if (text === "end") end();
        else arrived.add(Number(text));
      },
    });

    for (let run = 1; run <= CRASHES; run++) {
      const args = [PROGRAM, "fill", path, `${broker.port}`, `${SEED + run}`, `${run * RUN}`];
      // Sometimes it is killed when it has hardly begun.
      const bytes = random() < 0.2 ? 1 : Math.floor(random() * 10_000);
      await crash(args, { bytes, note: (line) => void promised.add(Number(line.split(" ")[1])) });
    }
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--unstable-kv", "--quiet", PROGRAM, "drain", path, `${broker.port}`],
    }).output();
    assert(success);
    await ended;

    assert(promised.size >= CRASHES);
    console.log(`${promised.size} promised, ${arrived.size} arrived`);
    assertEquals([...promised].filter((number) => !arrived.has(number)), []);
    // A set keeps the order in which its members came first.
    assertEquals([...arrived], [...arrived].sort((a, b) => a - b));
    await using outbox = await opened({ path });
    assertEquals(outbox.count, 0);
  },
});
