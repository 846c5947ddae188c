import { assertEquals, assertRejects } from "@std/assert";
import { playDemo } from "../../../src/cli/demo/play_demo.ts";

/** Plays the demo with Deno's maker of temporary folders watched; returns the folders that it made. */
async function foldersMadeBy(play: () => Promise<unknown>): Promise<string[]> {
  const make = Deno.makeTempDir;
  const folders: string[] = [];
  Deno.makeTempDir = async (options) => {
    const folder = await make(options);
    folders.push(folder);
    return folder;
  };
  try {
    await play();
  } finally {
    Deno.makeTempDir = make;
  }
  return folders;
}

async function assertGone(folders: string[]): Promise<void> {
  assertEquals(folders.length, 1);
  for (const folder of folders) await assertRejects(() => Deno.stat(folder), Deno.errors.NotFound);
}

Deno.test("playDemo() leaves nothing behind when it is left in the middle", async () => {
  const folders = await foldersMadeBy(async () => {
    for await (const { step } of playDemo(new AbortController().signal)) {
      if (step === "pfx") break;
    }
  });
  await assertGone(folders);
});

Deno.test("playDemo() leaves nothing behind when it is interrupted", async () => {
  const folders = await foldersMadeBy(async () => {
    const steps = playDemo(AbortSignal.abort(new Error("enough")));
    await assertRejects(() => Array.fromAsync(steps), Error, "enough");
  });
  await assertGone(folders);
});
