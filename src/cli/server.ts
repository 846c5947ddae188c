import { normalizeHost, parsePem } from "../credentials/mod.ts";
import { requireNetAccess } from "../credentials/permission.ts";
import { CredentialError } from "../errors.ts";
import { parseProxy } from "../transport/proxy.ts";
import { checkArgument, usageError } from "./cli_error.ts";
import type { SERVER_FLAGS } from "./connection_flags.ts";
import type { Flags } from "./flags.ts";
import { namingFile } from "./naming_file.ts";
import { readInputText } from "./read_input_file.ts";

/** Where to connect to, and how patiently. */
export interface Server {
  host: string;
  port: number;
  /** PEM texts. */
  caCerts: string[];
  /** How long each step of connecting may take. */
  deadlineMs: number;
  /** Whether to send small packets at once. */
  noDelay: boolean;
  /** The URL of the proxy on the way. There may be a password in it: never print it. */
  proxy: string | undefined;
}

/** Reads the flags that say where the server is, and sees to it that it may be reached. */
export async function readServer(
  flags: Flags<keyof typeof SERVER_FLAGS>,
  { defaultPort }: { defaultPort: number },
): Promise<Server> {
  const text = flags.required("host");
  if (/:\d+$/.test(text) && !text.includes("::")) throw portInHost(text);
  const host = checkArgument(
    `Cannot use --host ${JSON.stringify(text)}`,
    () => normalizeHost(text),
  );
  const port = flags.number("port", { from: 1, to: 65_535 }) ?? defaultPort;
  const seconds = flags.number("connect-timeout", { from: 0.001, to: 86_400, isWhole: false });
  await requireNetAccess({ host, port }, { what: `Cannot connect to ${host}:${port}` });
  const proxy = await readProxy(flags);
  const caFile = flags.text("cafile");
  const caCerts = caFile === undefined ? [] : [await readAuthorities(caFile)];
  const noDelay = flags.has("no-delay");
  return { host, port, caCerts, deadlineMs: (seconds ?? 10) * 1000, noDelay, proxy };
}

/** Only what was said counts: HTTPS_PROXY and the like are for HTTP. */
async function readProxy(flags: Flags<"proxy">): Promise<string | undefined> {
  const url = flags.text("proxy");
  if (url === undefined) return undefined;
  const { address, port } = checkArgument("Cannot use --proxy", () => parseProxy(url));
  const host = address.slice(0, -`:${port}`.length);
  await requireNetAccess({ host, port }, { what: `Cannot connect to the proxy ${address}` });
  return url;
}

/** Deno would silently trust nobody more if there were no certificate in it. */
async function readAuthorities(path: string): Promise<string> {
  const text = await readInputText(path);
  const blocks = await namingFile(path, () => parsePem(text));
  if (blocks.some(({ label }) => label === "CERTIFICATE")) return text;
  throw new CredentialError("CREDENTIAL_FORMAT", {
    what: `Cannot trust ${path}`,
    why: "there is no certificate in it",
    remedy: "Give the certificate of the authority that issued the server's, in PEM.",
  });
}

function portInHost(text: string): Error {
  const [host, port] = [text.replace(/:\d+$/, ""), text.replace(/^.*:/, "")];
  return usageError({
    what: `Cannot use --host ${JSON.stringify(text)}`,
    why: "the port does not belong to the name",
    remedy: `Write -h ${host} -p ${port}`,
  });
}
