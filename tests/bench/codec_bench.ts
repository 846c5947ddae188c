/** `deno bench`: 64 bytes, one topic. It measures one after the other; for ratios run `deno task bench:codec`. */

import { decodeWorkloads } from "./decode.ts";
import { encodeWorkloads } from "./encode.ts";

const options = { seed: 1, share: 1 / 8 };

for (
  const { group, name, contestants, makeJobs } of [
    ...decodeWorkloads(options),
    ...encodeWorkloads(options),
  ]
) {
  if (name !== "QoS 0, 64 B, one topic") continue;
  const job = makeJobs()(0);
  contestants().forEach((contestant, index) =>
    Deno.bench({
      name: contestant.name,
      group: `${group} ${job.count} packets`,
      baseline: index === 0,
      fn() {
        const checksum = contestant.run(job);
        if (checksum !== job.checksum) throw new Error(`${contestant.name}: ${checksum}`);
      },
    })
  );
}
