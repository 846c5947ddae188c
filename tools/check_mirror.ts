/**
 * Checks that whoever looks for the tests of a source file finds them: `src/hub/topics.ts` is tested in
 * `tests/hub/topics_test.ts`, or the table below says where instead, and why.
 *
 * @module
 */

import { join } from "node:path";
import { isUnder } from "./is_under.ts";
import { emitsCode, sourceFiles } from "./source_files.ts";

/** Sources without a mirror, and the reason. A path that ends in "/" stands for its folder. */
const REASONS: readonly [path: string, reason: string][] = [
  ["src/codec/wasm_bytes.ts", "generated: check:wasm compares it to the byte"],
  ["src/codec/", "its parts are tested through what the room exports; all of it must be covered"],
  ["src/session/", "its parts are tested through Session; all of it must be covered"],
  [
    "src/client/",
    "its parts are tested through MqttClient, with a scripted peer and a virtual clock",
  ],
  [
    "src/transport/",
    "its parts are tested through tlsTransport and tcpTransport, against real sockets",
  ],
  ["src/outbox/", "its parts are tested through memoryOutbox and kvOutbox"],
  ["src/hub/cloud_messages.ts", "tested through DeviceClient.messages()"],
];

/** The sources of a repository that have neither a mirror nor a reason, and the reasons nobody needs. */
export async function mirrorFaults(root: string, reasons = REASONS): Promise<string[]> {
  const faults: string[] = [];
  const unused = new Set(reasons);
  for (const file of await sourceFiles(root)) {
    const mirror = mirrorOf(file);
    if (await isFile(join(root, mirror))) continue;
    const reason = reasons.find(([path]) => isUnder(file, path));
    if (reason !== undefined) unused.delete(reason);
    else if (emitsCode(await Deno.readTextFile(join(root, file)))) {
      faults.push(`${file} has no ${mirror}`);
    }
  }
  for (const [path] of unused) faults.push(`${path} needs no reason: take it out of the table`);
  return faults;
}

function mirrorOf(file: string): string {
  return file.replace(/^src\//, "tests/").replace(/\.ts$/, "_test.ts");
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

if (import.meta.main) {
  const faults = await mirrorFaults(Deno.cwd());
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) Deno.exit(1);
}
