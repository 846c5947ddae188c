/** The codec beside the one in plain TypeScript, and beside mqtt-packet, which must accept what we accept. */

import { fail } from "@std/assert";
import { difference, makeTrial, type Trial } from "../_kit/codec_differences/trials.ts";
import { SEED } from "../_kit/seed.ts";
import { MALFORMED, WELL_FORMED } from "./_vectors.ts";

const TRIALS = 600;

function checkTrials(kind: Trial["kind"]): void {
  for (let number = 0; number < TRIALS; number++) {
    const trial = makeTrial(SEED, number);
    const found = trial.kind === kind ? difference(trial) : undefined;
    if (found !== undefined) {
      fail(`${found}\ndeno task fuzz --seed ${SEED} makes it small; it is trial ${number}`);
    }
  }
}

Deno.test("every way to decode gives what the plain codec gives of random and damaged streams", () => {
  checkTrials("stream");
});

Deno.test("encodePacket() and PacketWriter do what the plain codec does with any packets", () => {
  checkTrials("packets");
});

Deno.test("every way to decode gives what the plain codec gives of every vector", () => {
  const vectors = [
    ...MALFORMED,
    ...WELL_FORMED.map((vector) => ({ ...vector, role: "any" as const, maximumPacketSize: 1000 })),
  ];
  for (const { name, bytes, role, maximumPacketSize = 1_048_576 } of vectors) {
    for (const size of [1, 3, bytes.length]) {
      const stream = { role, maximumPacketSize, parts: [bytes], sizes: [size] };
      const found = difference({ kind: "stream", stream });
      if (found !== undefined) fail(`${name}: ${found}`);
    }
  }
});
