import { assertEquals } from "@std/assert";
import { parseArgs, type ParseOptions } from "@std/cli/parse-args";

const ARGUMENTS: [what: string, args: string, options: ParseOptions, expected: unknown][] = [
  ["values behind a blank and behind =", "--a b --c=d=e x", {}, { a: "b", c: "d=e", _: ["x"] }],
  ["a flag without a value as true", "--a --b", {}, { a: true, b: true, _: [] }],
  ["numbers as numbers, unless named as text", "--a 1 --b 1 -2", { string: "b" }, {
    a: 1,
    b: "1",
    2: true,
    _: [],
  }],
  ["a text without a value as empty", "--a -b", { string: ["a", "b"] }, { a: "", b: "", _: [] }],
  ["a boolean without taking the next argument", "--a b", { boolean: ["a"] }, {
    a: true,
    _: ["b"],
  }],
  ["a boolean spelled out", "--a false --b=false", { boolean: ["a", "b", "c"] }, {
    a: false,
    b: false,
    c: false,
    _: [],
  }],
  ["every long flag as a boolean", "--a b -c d", { boolean: true }, { a: true, c: "d", _: ["b"] }],
  ["short flags in one argument", "-abc d", {}, { a: true, b: true, c: "d", _: [] }],
  ["a value attached to a short flag", "-p8883 -o=x -f/tmp", { string: "p" }, {
    p: "8883",
    o: "x",
    f: "/tmp",
    _: [],
  }],
  ["a lone dash as a value or an argument", "-m - -", { string: "m" }, { m: "-", _: ["-"] }],
  [
    "what may be repeated as an array",
    "-t a -t b --u c",
    { collect: ["t", "u", "v"], string: "v" },
    {
      t: ["a", "b"],
      u: ["c"],
      v: [],
      _: [],
    },
  ],
  ["the last of what may not", "--a 1 --a 2", {}, { a: 2, _: [] }],
  ["aliases both ways", "-h x --port 1", { alias: { host: "h", p: ["port"] }, string: ["host"] }, {
    h: "x",
    host: "x",
    p: 1,
    port: 1,
    _: [],
  }],
  ["defaults, also for the alias", "--a 1", { default: { a: 5, b: 6 }, alias: { b: "c" } }, {
    a: 1,
    b: 6,
    c: 6,
    _: [],
  }],
  ["a negated flag", "--no-a --no-b", { negatable: ["a"], default: { a: true } }, {
    a: false,
    "no-b": true,
    _: [],
  }],
  ["what follows -- as arguments", "--a 1 -- --b c", {}, { a: 1, _: ["--b", "c"] }],
  ["what follows -- apart", "x -- --b c", { "--": true }, { _: ["x"], "--": ["--b", "c"] }],
  ["nothing behind the first argument", "--a pub --b", { stopEarly: true, boolean: ["a"] }, {
    a: true,
    _: ["pub", "--b"],
  }],
];

for (const [what, args, options, expected] of ARGUMENTS) {
  Deno.test(`parseArgs() reads ${what}`, () => {
    assertEquals(parseArgs(args.split(" "), options), expected as ReturnType<typeof parseArgs>);
  });
}

Deno.test("parseArgs() does not take an empty argument as a value", () => {
  assertEquals(parseArgs(["-m", ""], { string: "m" }), { m: "", _: [""] });
});

Deno.test("parseArgs() reports what it does not know and leaves it out if told so", () => {
  const seen: unknown[] = [];
  const args = parseArgs(["--port", "1", "--hots", "x", "-z", "pub"], {
    string: ["port"],
    unknown(arg, key, value) {
      seen.push([arg, key, value]);
      return key === undefined;
    },
  });
  assertEquals(seen, [["--hots", "hots", "x"], ["-z", "z", "pub"]]);
  assertEquals(args, { port: "1", _: [] });
});

Deno.test("parseArgs() takes a flag called __proto__ as any other", () => {
  assertEquals(Object.keys(parseArgs(["--__proto__", "x"])), ["__proto__", "_"]);
});

Deno.test("parseArgs() answers what options declared as ParseOptions let expect", () => {
  const options: ParseOptions = {
    string: ["host", "topic"],
    boolean: ["quiet"],
    collect: ["topic"],
    default: { host: "localhost" },
    alias: { topic: "t" },
  };
  const args = parseArgs(["-t", "a", "--port", "1", "x"], options);
  const topics: string[] = args.t;
  const host: string = args.host;
  const rest: (string | number)[] = args._;
  assertEquals([topics, host, args.quiet, rest, args.port], [["a"], "localhost", false, ["x"], 1]);
});
