import { testScript } from "./_script.ts";

testScript(import.meta.url);
