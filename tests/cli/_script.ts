/**
 * Runs scripts that say what a user types and what the screen then shows. A script stands beside its test:
 *
 *     # a comment
 *     env HUBWIRE_STORE=$STORE      for the rest of the script
 *     cloud dev-1 hello             the cloud sends a message to a device of $HUB
 *     $ send -h localhost -m 'hi'   the arguments, in the quotes of a shell
 *     < a line of standard input
 *     types low tide                what the person answers when asked for a secret
 *     1 a line of standard output
 *     2 a line of standard error; * stands for anything in a line, ... for any number of lines
 *     exit 2                        the exit code, 0 if this line is missing
 *
 * All of the output has to be there, and nothing else. What `$NAME` stands for is in `_stage.ts`.
 */

import { assert, assertEquals } from "@std/assert";
import { program } from "../../src/cli/program.ts";
import { FakeIo } from "./_fake_io.ts";
import { Stage } from "./_stage.ts";

/** One command and what is expected of it. */
interface Scene {
  line: number;
  command: string;
  stdin: string[];
  secrets: string[] | undefined;
  stdout: string[];
  stderr: string[];
  exitCode: number;
}

/** Registers a test for the script that has the name of this test module. */
export function testScript(moduleUrl: string): void {
  const url = moduleUrl.replace(/_test\.ts$/, ".txt");
  const name = url.split("/").at(-1) ?? url;
  Deno.test(`hubwire does what ${name} says`, async () => {
    await playScript(await Deno.readTextFile(new URL(url)), name);
  });
}

async function playScript(text: string, name: string): Promise<void> {
  await using stage = await Stage.open();
  const variables: Record<string, string> = {};
  let scene: Scene | undefined;
  const playOut = async () => {
    if (scene) await playScene(scene, { stage, variables, name });
    scene = undefined;
  };
  for (const [index, raw] of text.split("\n").entries()) {
    if (raw === "" || raw.startsWith("#")) continue;
    const [, word = "", rest = ""] = /^(\S+) ?(.*)$/.exec(raw) ?? [];
    if (word === "$" || word === "env" || word === "cloud") await playOut();
    if (word === "$") scene = newScene(index + 1, rest);
    else if (word === "env") await setVariable(rest, { stage, variables });
    else if (word === "cloud") await sendFromCloud(rest, stage);
    else if (scene) addToScene(scene, { word, rest });
    else throw new Error(`${name}:${index + 1}: ${word} without a command`);
  }
  await playOut();
}

function newScene(line: number, command: string): Scene {
  return { line, command, stdin: [], secrets: undefined, stdout: [], stderr: [], exitCode: 0 };
}

function addToScene(scene: Scene, { word, rest }: { word: string; rest: string }): void {
  if (word === "<") scene.stdin.push(`${rest}\n`);
  else if (word === "types") (scene.secrets ??= []).push(rest);
  else if (word === "1") scene.stdout.push(rest);
  else if (word === "2") scene.stderr.push(rest);
  else if (word === "exit") scene.exitCode = Number(rest);
  else throw new Error(`${word} means nothing in a script`);
}

async function playScene(
  scene: Scene,
  { stage, variables, name }: { stage: Stage; variables: Record<string, string>; name: string },
): Promise<void> {
  const { secrets } = scene;
  const io = new FakeIo({
    stdin: scene.stdin.join(""),
    variables,
    ...(secrets === undefined ? {} : { secrets }),
  });
  const args = shellWords(await filledIn(scene.command, stage));
  const exitCode = await program.run(args, io);
  const at = `${name}:${scene.line}: ${scene.command}\n${io.stdout}${io.stderr}`;
  assertEquals(exitCode, scene.exitCode, at);
  await assertLines(io.stdout, { expected: scene.stdout, stage, at });
  await assertLines(io.stderr, { expected: scene.stderr, stage, at });
}

async function assertLines(
  text: string,
  { expected, stage, at }: { expected: string[]; stage: Stage; at: string },
): Promise<void> {
  const patterns = await Promise.all(expected.map(async (line) => {
    if (line === "...") return "(?:.*\\n)*";
    return `${(await filledIn(line, stage)).split("*").map(RegExp.escape).join(".*")}\\n`;
  }));
  assert(
    new RegExp(`^${patterns.join("")}$`).test(text),
    `${at}\nexpected:\n${expected.join("\n")}`,
  );
}

async function filledIn(text: string, stage: Stage): Promise<string> {
  const values = new Map<string, string>();
  for (const [, name = ""] of text.matchAll(VARIABLE)) values.set(name, await stage.value(name));
  return text.replaceAll(VARIABLE, (_, name) => values.get(name) ?? "");
}

const VARIABLE = /\$([A-Z][A-Z0-9_]*)/g;

/** Words between spaces; quotes of both kinds keep spaces together. */
function shellWords(line: string): string[] {
  const words = line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g);
  return Array.from(words, ([, single, double, bare]) => single ?? double ?? bare ?? "");
}

async function setVariable(
  assignment: string,
  { stage, variables }: { stage: Stage; variables: Record<string, string> },
): Promise<void> {
  const at = assignment.indexOf("=");
  variables[assignment.slice(0, at)] = await filledIn(assignment.slice(at + 1), stage);
}

async function sendFromCloud(line: string, stage: Stage): Promise<void> {
  const [, deviceId = "", payload = ""] = /^(\S+) (.*)$/.exec(line) ?? [];
  await (await stage.hub()).sendToDevice(deviceId, payload, { properties: { level: "high" } });
}
