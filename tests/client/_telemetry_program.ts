/**
 * What the tests of OpenTelemetry run: two clients of the broker at the port that is given, until standard input
 * ends. It may do nothing but dial.
 */

import { MqttClient, tcpTransport } from "../../src/mqtt.ts";

const [port = "", closedPort = ""] = Deno.args;
const makeClient = (clientId: string, to = port) =>
  new MqttClient({
    transport: tcpTransport({ hostname: "127.0.0.1", port: +to }),
    clientId,
    reconnect: false,
  });

const [ann, bob] = [makeClient("ann"), makeClient("bob")];
await ann.connect();
await bob.connect();
// A second time, so that what was told is not told again.
await bob.close();
await bob.connect();

const handled: string[] = [];
const { promise: allHandled, resolve } = Promise.withResolvers<void>();
const note = (topic: string) => {
  if (handled.push(topic) === 3) resolve();
};
bob.addEventListener("handlererror", (event) => {
  event.preventDefault();
  note(event.topic);
});
await bob.subscribe("a/#", {
  qos: 2,
  handler: async ({ topic }) => {
    if (topic === "a/bad") throw new RangeError("hush");
    await bob.publish("b", "thanks", { qos: 1 });
    note(topic);
  },
});
await ann.publish("a/0", "x");
await ann.publish("a/1/token=hush", "12345", { qos: 1 });
await ann.publish("a/bad", "hush", { qos: 2 });
await ann.publish("a/+", "", { qos: 1 }).catch((error) => {
  if (!(error instanceof TypeError)) throw error;
});
await makeClient("eve", closedPort).connect().catch(({ code }) => console.log(code));
await allHandled;
console.log(handled.toSorted().join());

await new Response(Deno.stdin.readable).text();
await ann.close();
await bob.close();
console.log(JSON.stringify([ann, bob].map((client) => client.metrics())));
