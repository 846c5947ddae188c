/**
 * The rooms of the house as tables: who may import whom, and who may touch what of the runtime.
 * A path that ends in "/" or "*" stands for everything that begins so; the first row that fits a file
 * rules it.
 */

/** What the files of one room may import. */
export interface Room {
  /** A folder or a file, from the root of the repository. */
  path: string;
  /** The folders and files it may import, its own included. */
  imports: readonly string[];
  /** The packages it may import; `node:*` is every built-in of Node. */
  packages: readonly string[];
}

/** The half of credentials that knows certificates and nothing of the store. */
const X509_HALF = [
  "src/credentials/certificate*",
  "src/credentials/chain*",
  "src/credentials/identity.ts",
  "src/credentials/pem.ts",
  "src/credentials/private_key.ts",
  "src/credentials/x509.ts",
];

/** What the sockets of `node:tls` and the streams of aedes are made of. */
const STREAMS = ["node:buffer", "node:events", "node:net", "node:stream"];

/** Who may import whom. */
export const ROOMS: readonly Room[] = [
  { path: "src/errors.ts", imports: [], packages: [] },
  { path: "src/codec/", imports: ["src/codec/", "src/errors.ts"], packages: [] },
  { path: "src/session/", imports: ["src/session/", "src/codec/", "src/errors.ts"], packages: [] },
  {
    path: "src/transport/node_tls.ts",
    imports: ["src/transport/", "src/errors.ts"],
    packages: ["node:crypto", "node:tls"],
  },
  {
    path: "src/transport/node_server_check.ts",
    imports: ["src/transport/", "src/errors.ts"],
    packages: ["node:crypto", "node:tls"],
  },
  {
    path: "src/transport/node_connection.ts",
    imports: ["src/transport/", "src/errors.ts"],
    packages: ["node:tls"],
  },
  {
    path: "src/transport/node_stream.ts",
    imports: ["src/transport/", "src/errors.ts"],
    packages: ["node:stream"],
  },
  { path: "src/transport/", imports: ["src/transport/", "src/errors.ts"], packages: [] },
  {
    path: "src/client/",
    imports: ["src/client/", "src/session/", "src/codec/", "src/transport/", "src/errors.ts"],
    packages: [],
  },
  { path: "src/outbox/", imports: ["src/outbox/", "src/errors.ts"], packages: [] },
  { path: "src/hub/topics.ts", imports: ["src/errors.ts"], packages: [] },
  { path: "src/hub/properties.ts", imports: ["src/errors.ts"], packages: [] },
  {
    path: "src/hub/",
    imports: ["src/hub/", "src/client/", "src/transport/", "src/errors.ts"],
    packages: [],
  },
  {
    path: "src/credentials/x509.ts",
    imports: ["src/credentials/", "src/errors.ts"],
    packages: ["@peculiar/x509", "reflect-metadata"],
  },
  {
    path: "src/credentials/",
    imports: ["src/credentials/", "src/errors.ts"],
    packages: ["node:buffer", "node:crypto"],
  },
  {
    path: "src/runtime/",
    imports: ["src/runtime/", "src/hub/", "src/client/", "src/credentials/", "src/errors.ts"],
    packages: [],
  },
  {
    path: "src/emulator/",
    imports: ["src/emulator/", "src/errors.ts", ...X509_HALF],
    packages: ["aedes", "node:tls", ...STREAMS],
  },
  {
    path: "src/manager/",
    imports: ["src/manager/", "src/credentials/", "src/hub/", "src/errors.ts"],
    packages: ["hono"],
  },
  { path: "src/cli/", imports: ["src/"], packages: ["@std/cli"] },
  {
    path: "src/mqtt.ts",
    imports: [
      "src/client/",
      "src/session/",
      "src/codec/",
      "src/transport/",
      "src/outbox/",
      "src/errors.ts",
    ],
    packages: [],
  },
  { path: "src/", imports: [], packages: [] },
  {
    path: "mod.ts",
    imports: [
      "src/hub/",
      "src/client/",
      "src/codec/",
      "src/transport/",
      "src/outbox/",
      "src/credentials/",
      "src/runtime/",
      "src/mqtt.ts",
      "src/errors.ts",
    ],
    packages: [],
  },
  { path: "examples/", imports: ["examples/"], packages: ["@hubwire/hubwire"] },
  {
    path: "tests/",
    imports: ["tests/", "src/", "tools/", "wasm/", "links/", "examples/", "mod.ts"],
    packages: [
      "@hubwire/hubwire",
      "@peculiar/x509",
      "@sap/xb-msg-mqtt-v311",
      "@std/assert",
      "@std/cli",
      "aedes",
      "fast-check",
      "mqtt",
      "mqtt-packet",
      "node:*",
      "qlobber",
      "reflect-metadata",
    ],
  },
  { path: "tools/", imports: ["tools/"], packages: ["node:*"] },
  { path: "wasm/", imports: ["wasm/"], packages: ["assemblyscript", "node:*"] },
  { path: "links/", imports: ["links/"], packages: ["node:assert"] },
];

/** Something of the runtime that few rooms may touch. */
export interface Power {
  /** Global names; `Deno.connect` is that one member, `Deno` all of it. */
  names: readonly string[];
  /** The only paths of the package that may touch it. */
  only?: readonly string[];
  /** The paths that may not. */
  never?: readonly string[];
  /** What to do about it. */
  instead: string;
}

/** Folders and files that compute and do nothing else. */
const PURE = [
  "src/errors.ts",
  "src/codec/",
  "src/session/",
  "src/hub/topics.ts",
  "src/hub/properties.ts",
];

/** Who may touch what of the runtime, in what is shipped. */
export const POWERS: readonly Power[] = [
  {
    names: ["WebAssembly"],
    only: ["src/codec/wasm.ts"],
    instead: "Call what src/codec/wasm.ts exports.",
  },
  {
    names: [
      "Date",
      "Deno",
      "Math.random",
      "crypto",
      "globalThis",
      "performance",
      "queueMicrotask",
      "setInterval",
      "setTimeout",
    ],
    never: PURE,
    instead: "This room is pure: take the time, the chance or the bytes as an argument.",
  },
  {
    names: ["Deno.connect", "Deno.connectTls", "Deno.startTls"],
    only: ["src/transport/"],
    instead: "Take a transport.",
  },
  {
    names: ["Deno.openKv"],
    only: ["src/credentials/", "src/outbox/", "src/emulator/"],
    instead: "Take a store or an outbox.",
  },
  {
    names: ["Deno.serve", "Deno.listen", "Deno.listenTls"],
    only: ["src/emulator/", "src/manager/"],
    instead: "Only the emulator and the manager listen.",
  },
  {
    names: ["Deno.telemetry"],
    only: ["src/client/"],
    instead: "Report it as an event of the client.",
  },
  {
    names: ["Worker"],
    only: ["src/runtime/"],
    instead: "Only src/runtime/ starts workers.",
  },
  {
    names: ["console"],
    only: ["src/cli/io.ts"],
    instead: "A library does not print: return it, throw it or dispatch an event.",
  },
  {
    names: ["fetch"],
    only: ["src/hub/registry.ts", "src/hub/file_upload.ts"],
    instead: "Only the registry and the file upload speak HTTP.",
  },
];
