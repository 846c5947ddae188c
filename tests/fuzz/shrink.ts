/** Makes a trial that fails as small as can be while it still fails. */

import { difference, type Trial } from "../_kit/codec_differences/trials.ts";
import { concatBytes, frame, parseFrame } from "../_kit/packet_generators/frame.ts";
import type { Stream } from "../_kit/packet_generators/streams.ts";

/** Nobody waits longer for a smaller one. */
const LONGEST_MS = 15_000;
let end = 0;

/** The smallest trial that was found to fail. */
export function shrink(trial: Trial): Trial {
  end = performance.now() + LONGEST_MS;
  if (trial.kind === "packets") {
    const fails = (packets: typeof trial.packets) => isFailing({ kind: "packets", packets });
    return { kind: "packets", packets: dropParts(trial.packets, fails) };
  }
  let { stream } = trial;
  const failsWith = (change: Partial<Stream>) =>
    isFailing({ kind: "stream", stream: { ...stream, ...change } });
  stream = { ...stream, parts: dropParts(stream.parts, (parts) => failsWith({ parts })) };
  for (const [index, part] of stream.parts.entries()) {
    const { first, body } = parseFrame(part);
    const withBody = (rest: number[]) =>
      stream.parts.with(index, frame(first, new Uint8Array(rest)));
    const rest = dropParts(Array.from(body), (fewer) => failsWith({ parts: withBody(fewer) }));
    if (failsWith({ parts: withBody(rest) })) stream = { ...stream, parts: withBody(rest) };
  }
  const bytes = dropParts(
    Array.from(concatBytes(stream.parts)),
    (rest) => failsWith({ parts: [new Uint8Array(rest)] }),
  );
  stream = { ...stream, parts: [new Uint8Array(bytes)] };
  const plainer = [[bytes.length], [1]].find((sizes) => failsWith({ sizes }));
  const sizes = plainer ?? dropParts(stream.sizes, (rest) => failsWith({ sizes: rest }));
  return { kind: "stream", stream: { ...stream, sizes } };
}

function isFailing(trial: Trial): boolean {
  return performance.now() < end && difference(trial) !== undefined;
}

/** Leaves out runs of entries, long ones first, until none can be missed. */
function dropParts<T>(list: T[], isEnough: (rest: T[]) => boolean): T[] {
  let rest = list;
  for (let run = list.length; run >= 1 && performance.now() < end; run = Math.floor(run / 2)) {
    for (let at = 0; at < rest.length;) {
      const fewer = rest.toSpliced(at, run);
      if (fewer.length > 0 && isEnough(fewer)) rest = fewer;
      else at += run;
    }
  }
  return rest;
}
