import { connectToBroker } from "../broker_client.ts";
import { checkTopicFilter, readQos } from "../check_packet.ts";
import { usageError } from "../cli_error.ts";
import { type Command, defineCommand } from "../command.ts";
import { BROKER_FLAGS, CREDENTIAL_FLAGS, SERVER_FLAGS } from "../connection_flags.ts";
import { FORMAT_HELP } from "../message_format.ts";
import { printMessages, readReceiving, RECEIVE_FLAGS } from "../receiving.ts";

/** Prints what is published at any MQTT broker. */
export const sub: Command = defineCommand({
  name: "sub",
  summary: "print what is published at any MQTT broker",
  examples: [
    "sub -h broker.example -t 'greenhouse/#' -v",
    "sub -h broker.example -t greenhouse/1 -C 1 -W 30 --json",
    "sub -h localhost --no-tls -t greenhouse/+ -F '%I %t %p'",
  ],
  sections: {
    "What": {
      topic: {
        short: "t",
        value: "FILTER",
        repeatable: true,
        about: "what to subscribe to; may be given several times",
      },
      qos: { short: "q", value: "0|1|2", about: "the highest quality of service; 0 unless given" },
      ...RECEIVE_FLAGS,
    },
    "Where": SERVER_FLAGS,
    "As whom": { ...BROKER_FLAGS, ...CREDENTIAL_FLAGS },
  },
  remarks: FORMAT_HELP,
  async action(flags, io) {
    const topicFilters = flags.all("topic");
    if (topicFilters.length === 0) throw noTopic();
    topicFilters.forEach(checkTopicFilter);
    const qos = readQos(flags);
    const receiving = readReceiving(flags, io);
    await using client = await connectToBroker(flags, io);
    const messages = client.messages();
    await Promise.all(
      topicFilters.map((filter) => client.subscribe(filter, { qos, signal: io.interrupted })),
    );
    await printMessages({ messages, close: () => client.close() }, receiving, { io });
  },
});

function noTopic(): Error {
  return usageError({
    what: "--topic is missing",
    why: "nothing says what to subscribe to",
    remedy: "Give -t FILTER; -t '#' is everything.",
  });
}
