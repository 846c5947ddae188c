// deno-lint-ignore-file camelcase -- the names are those in the files

import { join } from "node:path";
import { messageBytes } from "./message_bytes.ts";

/** What a server does, or has to be told, in a case. */
export interface Step {
  type: "send" | "recv";
  bytes: Uint8Array<ArrayBuffer>;
}

/** One case of those files. */
export interface Case {
  /** `PUBLISH.json: group, name`. */
  name: string;
  /** 3, 4 for MQTT 3.1.1, or 5. */
  version: number;
  cleanSession: boolean;
  /** Whether the server first takes CONNECT. */
  takesConnect: boolean;
  /** Whether it then accepts it. */
  sendsConnack: boolean;
  /** What the client does once it is connected. */
  command: string | undefined;
  steps: Step[];
  /** Whether the client is to close in the end. */
  closes: boolean;
}

/** What a test may say for itself, and its group for all. */
interface Settings {
  ver?: number;
  command?: string;
  clean_start?: boolean;
  connect?: boolean;
  connack?: boolean;
  expect_disconnect?: boolean;
}

interface Message {
  type: string;
  payload: string;
}

interface Group extends Settings {
  group: string;
  disable?: boolean;
  group_msgs?: Message[];
  tests: (Settings & { name: string; msgs: Message[] })[];
}

/** All cases of a folder, by file and in order. */
export async function readCases(folder: string): Promise<Case[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) if (name.endsWith(".json")) names.push(name);
  const cases: Case[] = [];
  for (const file of names.sort()) {
    const groups = JSON.parse(await Deno.readTextFile(join(folder, file))) as Group[];
    for (const group of groups) cases.push(...casesOf(group, file));
  }
  return cases;
}

function casesOf(group: Group, file: string): Case[] {
  if (group.disable) return [];
  return group.tests.map((test) => {
    // What a test says for itself stands before what its group says.
    const settings: Settings = { ...group, ...test };
    return {
      name: `${file}: ${group.group.replaceAll(/ +/g, " ")}, ${test.name}`,
      version: settings.ver ?? 4,
      cleanSession: settings.clean_start ?? true,
      takesConnect: settings.connect ?? true,
      sendsConnack: settings.connack ?? true,
      command: settings.command,
      closes: settings.expect_disconnect ?? true,
      steps: [...group.group_msgs ?? [], ...test.msgs].map(stepOf),
    };
  });
}

function stepOf({ type, payload }: Message): Step {
  if (type === "send" || type === "recv") return { type, bytes: messageBytes(payload) };
  throw new SyntaxError(`Cannot play a case: its server is to do "${type}"`);
}
