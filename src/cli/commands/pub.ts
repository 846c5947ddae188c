import { connectToBroker } from "../broker_client.ts";
import { checkTopic, readQos } from "../check_packet.ts";
import { type Command, defineCommand } from "../command.ts";
import { BROKER_FLAGS, CREDENTIAL_FLAGS, SERVER_FLAGS } from "../connection_flags.ts";
import { PAYLOAD_FLAGS, readPayloads } from "../payloads.ts";
import { publishAndClose } from "../publishing.ts";

/** Publishes to any MQTT broker. */
export const pub: Command = defineCommand({
  name: "pub",
  summary: "publish messages to any MQTT broker",
  examples: [
    "pub -h broker.example -t greenhouse/1 -m 21.5 -q 1",
    "pub -h broker.example --cert device.pem --key device.key -t greenhouse/1 -f reading.json",
    "pub -h localhost --no-tls -t greenhouse/1 -l < readings.txt",
  ],
  sections: {
    "What": {
      topic: { short: "t", value: "TOPIC", about: "where to publish" },
      ...PAYLOAD_FLAGS,
      qos: { short: "q", value: "0|1|2", about: "quality of service; 0 unless given" },
      retain: { short: "r", about: "the broker keeps it for later subscribers" },
    },
    "Where": SERVER_FLAGS,
    "As whom": { ...BROKER_FLAGS, ...CREDENTIAL_FLAGS },
  },
  async action(flags, io) {
    const topic = flags.required("topic");
    checkTopic(topic);
    const options = { qos: readQos(flags), retain: flags.has("retain") };
    const payloads = await readPayloads(flags, io);
    const client = await connectToBroker(flags, io);
    const publishing = {
      connection: client,
      payloads,
      qos: options.qos,
      publish: (payload: Uint8Array) => client.publish(topic, payload, options),
      close: () => client.close(),
    };
    await publishAndClose(publishing, flags, { io });
  },
});
