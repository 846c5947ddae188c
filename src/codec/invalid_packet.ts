import { ERROR, ERROR_AT, words } from "./wasm.ts";

/** What the codes of `wasm/assembly/codes.ts` mean: kind of mistake, statement, sentence. Index 0 is no code. */
const MISTAKES: readonly (readonly [typeof TypeError, statement: string, why: string])[] = [
  [TypeError, "", ""],
  [TypeError, "MQTT-1.5.3-1", "it has a lone surrogate"],
  [TypeError, "MQTT-1.5.3-2", "it contains U+0000"],
  [TypeError, "1.5.3", "it contains a control character or a non-character"],
  [RangeError, "1.5.3", "it is longer than 65535 bytes of UTF-8"],
  [TypeError, "MQTT-4.7.3-1", "it is empty"],
  [TypeError, "MQTT-3.3.2-2", "a topic name may not contain + or #"],
  [TypeError, "MQTT-4.7.1-2", "# must be a whole level, and the last"],
  [RangeError, "MQTT-2.3.1-1", "a packet identifier from 1 to 65535 is needed"],
  [TypeError, "MQTT-2.3.1-5", "a QoS 0 PUBLISH has no packet identifier"],
  [RangeError, "MQTT-3.3.1-4", "QoS must be 0, 1 or 2"],
  [TypeError, "MQTT-3.3.1-2", "a QoS 0 PUBLISH has no DUP flag"],
  [RangeError, "2.2.3", "the packet is larger than 268435455 bytes"],
  [TypeError, "MQTT-4.7.1-3", "+ must be a whole level"],
];

/** Makes the error for what the encoder has just refused; `what` names the field or packet. */
export function invalidPacket(what: string): TypeError | RangeError {
  const code = words[ERROR]!;
  const mistake = MISTAKES[code];
  // deno-coverage-ignore
  if (mistake === undefined) throw new Error(`Bug: the encoder gave the unknown code ${code}`);
  const [Mistake, statement, why] = mistake;
  return new Mistake(`Cannot encode ${what}: ${why} [${statement}] (at ${words[ERROR_AT]})`);
}
