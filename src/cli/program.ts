import type { Command } from "./command.ts";
import { commandGroup } from "./command_group.ts";
import { demo } from "./commands/demo.ts";
import { monitor } from "./commands/monitor.ts";
import { pub } from "./commands/pub.ts";
import { send } from "./commands/send.ts";
import { store } from "./commands/store.ts";
import { sub } from "./commands/sub.ts";
import type { Io } from "./io.ts";
import { VERSION } from "./program_name.ts";

const commands: Command = commandGroup({
  name: "",
  summary: "Azure IoT Hub devices with X.509 certificates",
  examples: [
    "demo",
    "store add device.pfx --host contoso.azure-devices.net",
    `send -h contoso.azure-devices.net -m '{"temperature":21.5}'`,
    "monitor -h contoso.azure-devices.net",
  ],
  commands: { demo, store, send, monitor, pub, sub },
});

/** All of the program. */
export const program: Command = { ...commands, run };

async function run(args: readonly string[], io: Io): Promise<number> {
  if (args[0] !== "--version") return await commands.run(args, io);
  const isJson = args.includes("--json");
  io.print(isJson ? JSON.stringify({ version: VERSION, ...Deno.version }) : `hubwire ${VERSION}`);
  return 0;
}
