import { assert, assertEquals, assertFalse, assertStrictEquals, assertThrows } from "@std/assert";
import {
  encodePacket,
  type Packet,
  type PacketCursor,
  PacketDecoder,
  PacketReader,
  TopicFilters,
} from "../../src/codec/mod.ts";
import { runInNewContext } from "node:vm";
import { setFlagsFromString } from "node:v8";
import { matchesTopicFilter } from "../../src/codec/matches_topic_filter.ts";
import { FILTER_NODES, FLIPS, words } from "../../src/codec/wasm.ts";
import { randomFrom, SEED } from "../_kit/seed.ts";
import { concat } from "./_decode.ts";

/** That of a codec which nobody has seeded. */
const HASH_SEED = 0x9e3779b97f4a7c15n;
/** What the factors of two words differ by. */
const HASH_STEP = 0x3c6ef372fe94f82an;

/** All nodes but the one that stands for none. */
const MOST_NODES = 65_535;

/** The first tree that there is, which has the first node. */
const firstTree = new TopicFilters<number>();

Deno.test("TopicFilters.match() finds levels longer than a node below the root of the first tree, too", () => {
  const long = "l".repeat(100);
  firstTree.add(`${long}/+`, 1);
  assertEquals(firstTree.match(`${long}/x`), [1]);
  assertEquals(firstTree.match(`${long}m/x`), []);
  firstTree[Symbol.dispose]();
});

function publish(topic: string, size = 0): Packet {
  const payload = new Uint8Array(size);
  return { type: "publish", topic, payload, qos: 0, retain: false, dup: false };
}

function nodes(): number {
  return words[FILTER_NODES] ?? 0;
}

/** Walks over packets that a reader has read. */
function walk(packets: Packet[], visit: (cursor: PacketCursor) => void): void {
  const reader = new PacketReader();
  const stream = concat(packets.map((packet) => encodePacket(packet)));
  for (let at = 0; at < stream.length;) {
    const space = reader.space();
    const piece = stream.subarray(at, at + space.length);
    space.set(piece);
    at += piece.length;
    const cursor = reader.cursor(piece.length);
    while (cursor.next()) visit(cursor);
  }
  reader.close();
}

/** Section 4.7 word for word, level by level. */
function isMatch([wanted, ...filter]: string[], [level, ...topic]: string[]): boolean {
  if (wanted === undefined) return level === undefined;
  if (wanted === "#") return true;
  if (level === undefined || (wanted !== "+" && wanted !== level)) return false;
  // sport/# matches sport.
  return isMatch(filter, topic);
}

function oracle(filters: Iterable<string>, topic: string): string[] {
  const isReserved = topic.startsWith("$");
  return Array.from(filters).filter((filter) =>
    !(isReserved && /^[+#]/.test(filter)) && isMatch(filter.split("/"), topic.split("/"))
  );
}

/** Matches by name and, if there are bytes of it, by cursor, and wants the same from both. */
function check(filters: TopicFilters<string>, topic: string, expected: readonly string[]): void {
  assertEquals(filters.match(topic), expected, topic.slice(0, 200));
  let count = 0;
  walk([publish(topic)], (cursor) => {
    assertEquals(filters.match(cursor), expected, topic.slice(0, 200));
    count++;
  });
  assertEquals(count, 1);
}

const CASES: [statement: string, filter: string, topic: string, matches: boolean][] = [
  ["MQTT-4.7.1-2", "sport/tennis/player1/#", "sport/tennis/player1", true],
  ["MQTT-4.7.1-2", "sport/tennis/player1/#", "sport/tennis/player1/ranking", true],
  ["MQTT-4.7.1-2", "sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true],
  ["MQTT-4.7.1-2", "sport/tennis/player1/#", "sport/tennis/player2", false],
  ["MQTT-4.7.1-2", "sport/tennis/player1/#", "sport/tennis/player10", false],
  ["MQTT-4.7.1-2", "sport/#", "sport", true],
  ["MQTT-4.7.1-2", "sport/#", "sport/", true],
  ["MQTT-4.7.1-2", "sport/#", "sports", false],
  ["MQTT-4.7.1-2", "#", "sport/tennis", true],
  ["MQTT-4.7.1-2", "#", "sport", true],
  ["MQTT-4.7.1-2", "#", "/", true],
  ["MQTT-4.7.1-2", "/#", "/", true],
  ["MQTT-4.7.1-2", "/#", "/a/b", true],
  ["MQTT-4.7.1-2", "/#", "a", false],
  ["MQTT-4.7.1-3", "sport/tennis/+", "sport/tennis/player1", true],
  ["MQTT-4.7.1-3", "sport/tennis/+", "sport/tennis/player2", true],
  ["MQTT-4.7.1-3", "sport/tennis/+", "sport/tennis/player1/ranking", false],
  ["MQTT-4.7.1-3", "sport/+", "sport", false],
  ["MQTT-4.7.1-3", "sport/+", "sport/", true],
  ["MQTT-4.7.1-3", "+", "sport", true],
  ["MQTT-4.7.1-3", "+/+", "/finance", true],
  ["MQTT-4.7.1-3", "/+", "/finance", true],
  ["MQTT-4.7.1-3", "+", "/finance", false],
  ["MQTT-4.7.1-3", "+/tennis/#", "sport/tennis", true],
  ["MQTT-4.7.1-3", "+/tennis/#", "sport/tennis/player1", true],
  ["MQTT-4.7.1-3", "+/tennis/#", "sport/golf", false],
  ["MQTT-4.7.1-3", "sport/+/player1", "sport/tennis/player1", true],
  ["MQTT-4.7.1-3", "sport/+/player1", "sport//player1", true],
  ["MQTT-4.7.1-3", "+/b/+", "a/b/c", true],
  ["MQTT-4.7.1-3", "+/b/+", "a/c/c", false],
  ["MQTT-4.7.1-3", "+/b/+", "a/b", false],
  ["MQTT-4.7.1-3", "+/#", "a", true],
  ["MQTT-4.7.2-1", "#", "$SYS/monitor", false],
  ["MQTT-4.7.2-1", "#", "$", false],
  ["MQTT-4.7.2-1", "+", "$SYS", false],
  ["MQTT-4.7.2-1", "+/#", "$SYS", false],
  ["MQTT-4.7.2-1", "+/monitor/Clients", "$SYS/monitor/Clients", false],
  ["MQTT-4.7.2-1", "$SYS/#", "$SYS", true],
  ["MQTT-4.7.2-1", "$SYS/#", "$SYS/monitor", true],
  ["MQTT-4.7.2-1", "$SYS/monitor/+", "$SYS/monitor/Clients", true],
  ["MQTT-4.7.2-1", "$SYS/+/+", "$SYS/monitor/Clients", true],
  ["MQTT-4.7.2-1", "$SYS/monitor", "$SYS/monitor", true],
  ["MQTT-4.7.2-1", "a/#", "a/$b", true],
  ["MQTT-4.7.2-1", "a/+", "a/$b", true],
  ["MQTT-4.7.2-1", "+/b", "a$/b", true],
  ["4.7.3", "ACCOUNTS", "Accounts", false],
  ["4.7.3", "Accounts payable", "Accounts payable", true],
  ["4.7.3", "/finance", "finance", false],
  ["4.7.3", "finance", "/finance", false],
  ["4.7.3", "/", "/", true],
  ["4.7.3", "a//b", "a//b", true],
  ["4.7.3", "a//b", "a/b", false],
  ["4.7.3", "a/", "a", false],
  ["4.7.3", "a/b", "a", false],
  ["4.7.3", "a", "a/b", false],
  ["MQTT-4.7.3-4", "\u00c5", "A\u030a", false],
  ["MQTT-4.7.3-4", "\u00c5/+", "A\u030a/x", false],
  ["MQTT-4.7.3-4", "a/./b", "a/b", false],
  ["MQTT-4.7.3-4", "a%2Fb", "a/b", false],
  ["MQTT-4.7.3-4", "\ufeffa/+", "a/x", false],
];

for (const [statement, filter, topic, matches] of CASES) {
  const verb = matches ? "takes" : "leaves";
  Deno.test(`TopicFilters.match(): ${filter} ${verb} ${topic} [${statement}]`, () => {
    using filters = new TopicFilters<string>();
    filters.add(filter, filter);
    check(filters, topic, matches ? [filter] : []);
    assertEquals(matchesTopicFilter(filter, topic), matches);
    assertEquals(oracle([filter], topic).length === 1, matches);
  });
}

const NO_FILTERS: [statement: string, filter: unknown, error: typeof TypeError][] = [
  ["MQTT-4.7.1-2", "sport/tennis#", TypeError],
  ["MQTT-4.7.1-2", "sport/tennis/#/ranking", TypeError],
  ["MQTT-4.7.1-2", "#/", TypeError],
  ["MQTT-4.7.1-3", "sport+", TypeError],
  ["MQTT-4.7.1-3", "+sport/a", TypeError],
  ["MQTT-4.7.3-1", "", TypeError],
  ["MQTT-1.5.3-2", "a\0b", TypeError],
  ["MQTT-1.5.3-1", "a\ud800", TypeError],
  ["1.5.3", "a\u0001", TypeError],
  ["1.5.3", "a".repeat(65_536), RangeError],
  ["1.5.3", "é".repeat(32_768), RangeError],
  ["no string", 5, TypeError],
];

for (const [statement, filter, error] of NO_FILTERS) {
  const name = JSON.stringify(filter).slice(0, 30);
  Deno.test(`TopicFilters.add() refuses ${name} and stays as it was [${statement}]`, () => {
    using filters = new TopicFilters<string>();
    const before = nodes();
    assertThrows(() => filters.add(filter as string, "x"), error, "Cannot encode a topic filter");
    assertEquals([filters.size, nodes()], [0, before]);
    filters.add("a/+", "a");
    filters.add("b/+", "b");
    filters.delete("a/+", "a");
    assertThrows(() => filters.add(filter as string, "x"), error, "Cannot encode a topic filter");
    filters.add("c/+", "c");
    assertEquals([filters.match("a/1"), filters.match("b/1"), filters.match("c/1")], [
      [],
      ["b"],
      ["c"],
    ]);
    assertFalse(filters.delete(filter as string, "x"));
  });
}

const NO_TOPICS: [statement: string, topic: unknown, error: typeof TypeError][] = [
  ["MQTT-4.7.1-1", "a/+", TypeError],
  ["MQTT-4.7.1-1", "a#", TypeError],
  ["MQTT-4.7.3-1", "", TypeError],
  ["MQTT-1.5.3-2", "a\0b", TypeError],
  ["MQTT-1.5.3-1", "\udc00a", TypeError],
  ["1.5.3", "a".repeat(65_536), RangeError],
  ["no string", undefined, TypeError],
  ["neither a string nor a cursor", {}, TypeError],
];

for (const [statement, topic, error] of NO_TOPICS) {
  const name = JSON.stringify(topic)?.slice(0, 30);
  Deno.test(`TopicFilters.match() refuses ${name} [${statement}]`, () => {
    using filters = new TopicFilters<string>();
    assertThrows(() => filters.match(topic as string), error);
    filters.add("#", "all");
    assertThrows(() => filters.match(topic as string), error);
  });
}

Deno.test("TopicFilters.match() takes a topic with control characters, which may come in", () => {
  using filters = new TopicFilters<string>();
  filters.add("a/+/\u{10000}", "a");
  assertEquals(filters.match("a/\u0001\u007f\u0085\ufffe/\u{10000}"), ["a"]);
  assertEquals(filters.match("a/\u0001/\u{10001}"), []);
});

Deno.test("TopicFilters.match() refuses a cursor that is on no PUBLISH", () => {
  using filters = new TopicFilters<string>();
  filters.add("#", "all");
  const reader = new PacketReader();
  reader.space().set(encodePacket({ type: "pingresp" }));
  const cursor = reader.cursor(2);
  assertThrows(() => filters.match(cursor), TypeError, "the cursor is on none");
  assert(cursor.next());
  assertThrows(() => filters.match(cursor), TypeError, "the cursor is on no PUBLISH");
  assertFalse(cursor.next());
});

Deno.test("TopicFilters keeps several values under a filter, each once, in the order of adding", () => {
  using filters = new TopicFilters<string | undefined>();
  for (const value of ["b", "a", "b", undefined, "c"]) filters.add("x/+", value);
  filters.add("x/y", "first under another");
  filters.add("x/+", "d");
  assertEquals(filters.size, 2);
  assertEquals(filters.match("x/y"), ["b", "a", undefined, "c", "d", "first under another"]);
  assert(filters.delete("x/+", undefined));
  assertFalse(filters.delete("x/+", undefined));
  assertFalse(filters.delete("x/+", "nobody"));
  assertFalse(filters.delete("x/#", "a"));
  assertEquals(filters.match("x/z"), ["b", "a", "c", "d"]);
});

Deno.test("TopicFilters.match() gives a value under two filters twice", () => {
  using filters = new TopicFilters<string>();
  filters.add("a/#", "same");
  filters.add("a/b", "same");
  assertEquals(filters.match("a/b"), ["same", "same"]);
});

Deno.test("TopicFilters.match() keeps the order of adding for few and for many, after deletions too", () => {
  using filters = new TopicFilters<string>();
  const matching = Array.from(
    { length: 64 },
    (_, bits) => Array.from({ length: 6 }, (_, at) => bits >> at & 1 ? "+" : "a").join("/"),
  );
  for (let count = 1; count <= matching.length; count++) {
    const chosen = matching.toSorted((a, b) => hashOf(a + count) - hashOf(b + count)).slice(
      0,
      count,
    );
    for (const filter of chosen) filters.add(filter, filter);
    assertEquals(filters.match("a/a/a/a/a/a"), chosen);
    const [gone = "", ...rest] = chosen;
    assert(filters.delete(gone, gone));
    filters.add(gone, gone);
    assertEquals(filters.match("a/a/a/a/a/a"), [...rest, gone]);
    for (const filter of chosen) filters.delete(filter, filter);
  }
});

function hashOf(text: string): number {
  let hash = SEED;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x9e3779b1);
  return hash;
}

Deno.test("TopicFilters of two owners do not see each other", () => {
  using one = new TopicFilters<string>();
  using other = new TopicFilters<string>();
  for (const filter of ["a/+", "a/#", "a/b", "#"]) {
    one.add(filter, `one ${filter}`);
    other.add(filter, `other ${filter}`);
  }
  one.delete("a/#", "one a/#");
  check(one, "a/b", ["one a/+", "one a/b", "one #"]);
  check(other, "a/b", ["other a/+", "other a/#", "other a/b", "other #"]);
  one.clear();
  check(one, "a/b", []);
  check(other, "a/b", ["other a/+", "other a/#", "other a/b", "other #"]);
});

Deno.test("TopicFilters.match() remembers a list until a filter is added or deleted", () => {
  using filters = new TopicFilters<string>();
  filters.add("a/+", "plus");
  filters.add("a/#", "hash");
  walk([publish("a/b"), publish("c"), publish("a/b")], (cursor) => {
    for (const topic of [cursor, cursor.topic]) {
      const list = filters.match(topic);
      assertStrictEquals(filters.match(topic), list);
      filters.add("+/b", "late");
      const longer = filters.match(topic);
      assertEquals(longer, cursor.topic === "c" ? [] : ["plus", "hash", "late"]);
      filters.add("+/b", "later");
      assertEquals(filters.match(topic).length, longer.length && longer.length + 1);
      filters.delete("+/b", "later");
      assertEquals(filters.match(topic), longer);
      filters.delete("+/b", "late");
      assertEquals(filters.match(topic), list);
      assertEquals(list, cursor.topic === "c" ? [] : ["plus", "hash"]);
    }
  });
});

Deno.test("TopicFilters.match() remembers more topics by name than it keeps", () => {
  using filters = new TopicFilters<number>();
  for (let i = 0; i < 100; i++) filters.add(`${i}/+`, i);
  for (let i = 0; i < 25_000; i++) {
    const [value] = filters.match(`${i % 100}/${i % 12_000}`);
    if (value !== i % 100) assertEquals(value, i % 100);
  }
});

Deno.test("TopicFilters.match() tells apart the topics that have an id one after another", () => {
  using filters = new TopicFilters<number>();
  for (let i = 0; i < 10; i++) filters.add(`${i}/#`, i);
  const flips = words[FLIPS] ?? 0;
  const random = randomFrom(SEED);
  for (let round = 0; (words[FLIPS] ?? 0) < flips + 5; round++) {
    const topics = Array.from(
      { length: 3000 },
      (_, i) => random() < 0.3 ? `${i % 10}/hot/${i % 500}` : `${i % 10}/${round}/${random()}`,
    );
    walk(topics.map((topic) => publish(topic)), (cursor) => {
      const wanted = Number(cursor.topic[0]);
      const [value] = filters.match(cursor);
      if (value !== wanted || filters.match(cursor)[0] !== wanted) assertEquals(value, wanted);
    });
  }
});

Deno.test("TopicFilters.match() finds the topic of a cursor after another stream was decoded", () => {
  using filters = new TopicFilters<string>();
  for (const letter of "abcd") filters.add(`${letter}/+`, letter);
  walk(["a/1", "b/1", "c/1"].map((topic) => publish(topic)), (cursor) => {
    const decoder = new PacketDecoder();
    decoder.push(encodePacket(publish("d/1")));
    assertEquals(decoder.next(), publish("d/1"));
    assertEquals(filters.match(cursor), [cursor.topic.slice(0, 1)]);
  });
});

Deno.test("TopicFilters.match() finds topics that have no id, and those of large packets", () => {
  using filters = new TopicFilters<string>();
  const long = "é".repeat(700);
  for (const filter of [`${long}/+`, `+/${long}`, `${long}/${long}`]) filters.add(filter, filter);
  check(filters, `${long}/${long}`, [`${long}/+`, `+/${long}`, `${long}/${long}`]);
  check(filters, `${long}/${long}e`, [`${long}/+`]);
  check(filters, `${long}e/${long}`, [`+/${long}`]);
  let count = 0;
  walk([publish(`${long}/1`, 100_000), publish(`1/${long}`, 5000)], (cursor) => {
    assertEquals(filters.match(cursor), [count++ === 0 ? `${long}/+` : `+/${long}`]);
  });
  assertEquals(count, 2);
});

Deno.test("TopicFilters tells levels apart that differ anywhere, whatever their lengths", () => {
  using filters = new TopicFilters<string>();
  const short = Array.from({ length: 34 }, (_, length) => length);
  const lengths = [...short, 71, 72, 73, 74, 87, 88, 89, 143, 144, 145, 217];
  const levels = lengths.flatMap((length) => {
    const level = "abcdefghijklmnopqrstuvwxyz".repeat(9).slice(0, length);
    const changed = Array.from(level, (_, at) => `${level.slice(0, at)}~${level.slice(at + 1)}`);
    return [level, ...changed];
  });
  for (const level of levels) filters.add(`${level}/+`, level);
  for (const level of levels) filters.add(`x/${level}`, level);
  for (const level of levels) {
    assertEquals(filters.match(`${level}/y`), [level]);
    assertEquals(filters.match(`x/${level}`), [level]);
  }
  for (const level of levels) {
    filters.delete(`${level}/+`, level);
    assertEquals(filters.match(`${level}/y`), []);
  }
});

Deno.test("TopicFilters keeps the prefix of a long level apart from a level, and a whole topic from both", () => {
  using filters = new TopicFilters<string>();
  const piece = "p".repeat(72);
  const names = [piece, `${piece}q`, `${piece}/q`, `${piece}${piece}`, `${piece}/${piece}`];
  const wanted = names.flatMap((name) => [name, `${name}/+`, `${name}/#`]);
  for (const filter of wanted) filters.add(filter, filter);
  for (const name of names) {
    check(filters, name, oracle(wanted, name));
    check(filters, `${name}/q`, oracle(wanted, `${name}/q`));
    check(filters, `${name}q`, oracle(wanted, `${name}q`));
  }
  for (const [index, filter] of wanted.entries()) {
    filters.delete(filter, filter);
    const rest = wanted.slice(index + 1);
    for (const name of names) assertEquals(filters.match(name), oracle(rest, name));
  }
});

Deno.test("TopicFilters works with tens of thousands of levels", () => {
  using filters = new TopicFilters<string>();
  const before = nodes();
  const topic = "/".repeat(32_767);
  const plus = "+/".repeat(32_767) + "+";
  for (const filter of ["#", "/+/#", plus, topic, topic.slice(1)]) filters.add(filter, filter);
  check(filters, topic, ["#", "/+/#", plus, topic]);
  check(filters, `${topic}/`, ["#", "/+/#"]);
  check(filters, topic.slice(1), ["#", "/+/#", topic.slice(1)]);
  check(filters, "/".repeat(65_535), ["#", "/+/#"]);
  filters.clear();
  assertEquals(nodes(), before);
});

Deno.test("TopicFilters.match() comes to each node once, however many ways wildcards open", () => {
  using filters = new TopicFilters<number>();
  const depth = 14;
  for (let bits = 0; bits < 1 << depth; bits++) {
    const levels = Array.from({ length: depth }, (_, at) => bits >> at & 1 ? "+" : "a");
    filters.add(`${levels.join("/")}/b/+`, bits);
  }
  // Each of 200 matches would be 16 384 ways from the root, of 14 levels each.
  for (let i = 0; i < 200; i++) {
    assertEquals(filters.match(`${"a/".repeat(depth)}c/${i}`), []);
  }
  const all = filters.match(`${"a/".repeat(depth)}b/x`);
  assertEquals(all, Array.from({ length: 1 << depth }, (_, bits) => bits));
});

Deno.test("TopicFilters finds the same as section 4.7 does, filter by filter, in random traffic", () => {
  const random = randomFrom(SEED);
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? "";
  const words = ["", "a", "b", "$", "$a", "é", "€uro", "\u{1f600}", "A", "a ", "x".repeat(16)];
  const levels = [...words, "x".repeat(17), "y".repeat(72), "y".repeat(73), "é".repeat(100)];
  for (let round = 0; round < 150; round++) {
    using filters = new TopicFilters<string>();
    const live = new Set<string>();
    const makeTopic = () =>
      Array.from({ length: 1 + Math.floor(random() * 5) }, () => pick(levels)).join("/") || "/";
    const makeFilter = () => {
      const parts = makeTopic().split("/").map((level) => random() < 0.35 ? "+" : level);
      if (random() < 0.25) parts[random() < 0.5 ? parts.length - 1 : parts.length] = "#";
      return parts.join("/");
    };
    for (let step = 0; step < 40; step++) {
      const [old] = live;
      if (old !== undefined && random() < 0.3) {
        assert(filters.delete(old, old));
        live.delete(old);
      } else {
        const filter = makeFilter();
        filters.add(filter, filter);
        live.add(filter);
      }
    }
    const topics = Array.from({ length: 30 }, makeTopic);
    walk(topics.map((topic) => publish(topic)), (cursor) => {
      const expected = oracle(live, cursor.topic);
      assertEquals(filters.match(cursor), expected);
      assertEquals(filters.match(cursor.topic), expected);
    });
  }
});

Deno.test("TopicFilters finds its way among 10 000 filters", () => {
  using filters = new TopicFilters<string>();
  const random = randomFrom(SEED);
  const all = Array.from({ length: 10_000 }, (_, index) => {
    const device = `devices/d${index}`;
    if (index % 100 === 0) return `${device}/#`;
    if (index % 10 === 1) return `devices/+/messages/${index % 700}`;
    return `${device}/messages/${index % 7}`;
  });
  for (const filter of all) filters.add(filter, filter);
  assertEquals(filters.size, new Set(all).size);
  const known = new Set(all);
  const topics = Array.from({ length: 3000 }, () => {
    const index = Math.floor(random() * 10_000);
    return `devices/d${index}/messages/${random() < 0.5 ? index % 7 : Math.floor(random() * 700)}`;
  });
  walk(topics.map((topic) => publish(topic)), (cursor) => {
    const [, device, , kind] = cursor.topic.split("/");
    const expected = [`devices/${device}/#`, `devices/+/messages/${kind}`, cursor.topic]
      .filter((filter) => known.has(filter)).toSorted();
    assertEquals(filters.match(cursor).toSorted(), expected);
  });
});

Deno.test("TopicFilters gives back every node, whatever is added and deleted in what order", () => {
  const random = randomFrom(SEED);
  const before = nodes();
  using filters = new TopicFilters<number>();
  const live = new Map<string, number>();
  for (let step = 0; step < 30_000; step++) {
    const a = Math.floor(random() * 8);
    const forms = [
      `a${a}/b/+`,
      `a${a}/b/#`,
      `+/${a}`,
      `a${a}/${"long".repeat(a * 10)}/+`,
      `a${a}/b`,
      `+/+/${a}/#`,
    ];
    const filter = forms[Math.floor(random() * 7)] ?? "#";
    const known = live.get(filter);
    if (known === undefined) {
      filters.add(filter, step);
      live.set(filter, step);
    } else {
      assert(filters.delete(filter, known));
      live.delete(filter);
    }
    if (live.size === 0) assertEquals(nodes(), before);
  }
  for (const [filter, value] of live) filters.delete(filter, value);
  assertEquals([filters.size, nodes()], [0, before]);
  filters.add("a/b/+", 1);
  assertEquals(nodes(), before + 4);
  filters.add("a/b/+/#", 1);
  filters.add("a/b", 1);
  assertEquals(nodes(), before + 5);
  filters.add("a/+/+", 1);
  assertEquals(nodes(), before + 7);
  filters.add(`a/${"l".repeat(70)}`, 1);
  filters.add(`a/${"l".repeat(71)}`, 1);
  assertEquals(nodes(), before + 10);
});

Deno.test("TopicFilters that find no room are matched all the same, and all room comes back", () => {
  const before = nodes();
  using first = new TopicFilters<string>();
  using second = new TopicFilters<string>();
  using third = new TopicFilters<string>();
  second.add("f/1/+", "second");
  // Two nodes each, so the last that find room leave one or none.
  for (let i = 0; nodes() < MOST_NODES - 1; i++) first.add(`f/${i}/+`, `${i}`);
  const size = first.size;
  for (let i = size; i < size + 200; i++) first.add(`f/${i}/+`, `${i}`);
  if (nodes() < MOST_NODES) first.add("last", "last");
  assertEquals(nodes(), MOST_NODES);
  for (const filter of ["+/1/x", "+/#", "f/1/#", "f/1/x", "g"]) second.add(filter, filter);
  third.add("f/+/x", "third");
  third.add("+/0/x", "third");
  third.add("#", "all");
  for (const i of [0, 1, size - 1, size, size + 1, size + 199, size + 200]) {
    check(first, `f/${i}/x`, i < size + 200 ? [`${i}`] : []);
  }
  first.add("f/1/x", "late");
  first.add("f/#", "late too");
  check(first, "f/1/x", ["1", "late", "late too"]);
  check(second, "f/1/x", ["second", "+/1/x", "+/#", "f/1/#", "f/1/x"]);
  check(second, "$f/1/x", []);
  check(third, "f/0/x", ["third", "third", "all"]);
  using empty = new TopicFilters<string>();
  check(empty, "f/0/x", []);
  walk([publish(`f/1/${"x".repeat(2000)}`)], (cursor) => {
    assertEquals(second.match(cursor), ["second", "+/#", "f/1/#"]);
  });
  assertThrows(() => third.add("a/#/b", ""), TypeError);
  assert(second.delete("f/1/#", "f/1/#"));
  check(second, "f/1/x", ["second", "+/1/x", "+/#", "f/1/x"]);
  third.clear();
  check(third, "f/0/x", []);
  for (let i = 0; i < size + 200; i++) assert(first.delete(`f/${i}/+`, `${i}`));
  check(first, "f/1/x", ["late", "late too"]);
  first.clear();
  second.clear();
  assertEquals(nodes(), before);
  for (let i = 0; i < 10; i++) first.add(`f/${i}/+`, `${i}`);
  check(first, "f/9/x", ["9"]);
  assertEquals(nodes(), before + 22);
});

Deno.test("TopicFilters that nobody holds any more give their nodes back", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  const before = nodes();
  const drop = () => {
    const filters = new TopicFilters<() => unknown>();
    filters.add("a/+", () => filters);
    assertEquals(filters.match("a/b").length, 1);
  };
  drop();
  assertEquals(nodes(), before + 3);
  for (let turn = 0; turn < 10 && nodes() > before; turn++) {
    collectGarbage();
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, 0);
    await promise;
  }
  assertEquals(nodes(), before);
});

Deno.test("TopicFilters whose levels all have the same hash take a limited part of a bucket", () => {
  using filters = new TopicFilters<string>();
  const before = nodes();
  const levels = collidingLevels(36);
  for (const level of levels) filters.add(`${level}/+`, level);
  assertEquals(nodes() - before, 1 + 2 * 32);
  for (const level of levels) check(filters, `${level}/x`, [level]);
  const order = levels.toSorted((a, b) => hashOf(a) - hashOf(b));
  for (const [index, level] of order.entries()) {
    filters.delete(`${level}/+`, level);
    for (const other of order) {
      assertEquals(filters.match(`${other}/x`).length, order.indexOf(other) > index ? 1 : 0);
    }
  }
  assertEquals(nodes(), before);
});

Deno.test("TopicFilters tells levels apart that begin alike and have the same hash", () => {
  using filters = new TopicFilters<string>();
  const [one, other] = collidingPair();
  filters.add(`${one}/+`, one);
  check(filters, `${other}/x`, []);
  filters.add(`${other}/+`, other);
  check(filters, `${one}/x`, [one]);
  check(filters, `${other}/x`, [other]);
});

/** As `hash()` of `wasm/assembly/bytes.ts` does, for a text of three words. */
function hashOfThreeWords(text: string): bigint {
  let factor = HASH_SEED | 1n;
  let sum = 24n * factor;
  for (const word of new BigUint64Array(new TextEncoder().encode(text).buffer)) {
    factor += HASH_STEP;
    sum += (word + HASH_SEED) * factor;
  }
  sum = BigInt.asUintN(64, sum);
  return BigInt.asUintN(64, (sum ^ sum >> 32n) * 0xc4ceb9fe1a85ec53n) >> 32n;
}

/** Two of the 24 characters, the first 16 the same, with one hash: there are, among so many. */
function collidingPair(): [string, string] {
  const seen = new Map<bigint, string>();
  for (let i = 0;; i++) {
    const level = `begins-the-same-${`${i}`.padStart(8, "0")}`;
    const hash = hashOfThreeWords(level);
    const found = seen.get(hash);
    if (found !== undefined) return [found, level];
    seen.set(hash, level);
  }
}

/** Levels of 16 characters for which that hash is the same. */
function collidingLevels(count: number): string[] {
  const first = (HASH_SEED | 1n) + HASH_STEP;
  const second = first + HASH_STEP;
  let inverse = first;
  for (let i = 0; i < 6; i++) inverse = BigInt.asUintN(64, inverse * (2n - first * inverse));
  const word = new BigUint64Array(1);
  const bytes = new Uint8Array(word.buffer);
  const levels: string[] = [];
  for (let i = 0; levels.length < count; i++) {
    const tail = `${i}`.padStart(8, "0");
    for (let at = 0; at < 8; at++) bytes[at] = tail.charCodeAt(at);
    word[0] = -((word[0] ?? 0n) + HASH_SEED) * second * inverse - HASH_SEED;
    // A letter, a digit or what stands between them.
    if (bytes.every((byte) => byte >= 0x30 && byte < 0x7f)) {
      levels.push(String.fromCharCode(...bytes) + tail);
    }
  }
  return levels;
}
