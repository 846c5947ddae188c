/**
 * The rules of the house that `deno lint` does not have: who may import whom, who may touch what of
 * the runtime, and a few habits of style. `deno.json` names it under `lint.plugins`.
 *
 * @module
 */

import { computedImport, door, roomImports } from "./lint/imports.ts";
import { roomPowers } from "./lint/powers.ts";
import { fileName, nonNullAssertion, positionalParameters, privateKeyword } from "./lint/style.ts";

const plugin: Deno.lint.Plugin = {
  name: "hubwire",
  rules: {
    "room-imports": roomImports,
    "room-powers": roomPowers,
    "computed-import": computedImport,
    "door": door,
    "private-keyword": privateKeyword,
    "positional-parameters": positionalParameters,
    "non-null-assertion": nonNullAssertion,
    "file-name": fileName,
  },
};

export default plugin;
