import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { tempFolder } from "../_kit/temp.ts";
import { messageBytes } from "./message_bytes.ts";
import { describe, page, summary } from "./outcome_table.ts";
import { agrees } from "./play_case.ts";
import { playFolder } from "./run.ts";

/** A table of our own, of the same shape. */
const TABLE = [
  {
    group: "before CONNACK",
    connack: false,
    tests: [
      {
        name: "accepted",
        expect_disconnect: false,
        msgs: [{ type: "send", payload: "20 r2 00 00" }],
      },
      { name: "a length of five bytes", msgs: [{ type: "send", payload: "20 r268435456" }] },
      { name: "never", msgs: [{ type: "send", payload: "30 r4 s1 'a' i7" }] },
    ],
  },
  {
    group: "publishing",
    command: "publish-1",
    expect_disconnect: false,
    group_msgs: [{ type: "recv", payload: "32 r23 s12 'test/publish' m1 'message'" }],
    tests: [
      { name: "acknowledged", msgs: [{ type: "send", payload: "40 r2 m1" }] },
      { name: "refused", expect_disconnect: true, msgs: [{ type: "send", payload: "50 r2 m1" }] },
      { name: "wrongly expected to close", expect_disconnect: true, msgs: [] },
      { name: "wrong bytes expected", msgs: [{ type: "recv", payload: "C0 r0" }] },
    ],
  },
  {
    group: "others",
    tests: [
      {
        name: "unsubscribe",
        command: "unsubscribe",
        expect_disconnect: false,
        msgs: [
          { type: "recv", payload: "A2 r18 m1 s14 'test/subscribe'" },
          { type: "send", payload: "B0 r2 m1" },
        ],
      },
      {
        name: "subscribe",
        command: "subscribe-2",
        expect_disconnect: false,
        msgs: [
          { type: "recv", payload: "82 r19 m1 s14 'test/subscribe' 02" },
          { type: "send", payload: "90 r3 m1 02" },
        ],
      },
      {
        name: "asks for an answer",
        expect_disconnect: false,
        msgs: [
          { type: "send", payload: "62 r2 m9" },
        ],
      },
      { name: "another version", ver: 5, msgs: [] },
    ],
  },
  { group: "not now", disable: true, tests: [{ name: "x", msgs: [] }] },
];

Deno.test("playFolder() plays a table and tells where the client does something else", async () => {
  await using folder = await tempFolder();
  await folder.write("TABLE.json", JSON.stringify(TABLE));
  const { outcomes, verdict } = await playFolder(folder.path);
  assertEquals(outcomes.map((outcome) => [outcome.case.name, describe(outcome)]), [
    ["TABLE.json: before CONNACK, accepted", "carries on"],
    [
      "TABLE.json: before CONNACK, a length of five bytes",
      outcomes[1] ? describe(outcomes[1]) : "",
    ],
    [
      "TABLE.json: before CONNACK, never",
      "closes; the first packet was PUBLISH, not CONNACK [MQTT-3.2.0-1]",
    ],
    ["TABLE.json: publishing, acknowledged", "carries on"],
    [
      "TABLE.json: publishing, refused",
      "closes; the server answered a QoS 1 message with PUBREC [MQTT-4.3.2-1]",
    ],
    ["TABLE.json: publishing, wrongly expected to close", "carries on"],
    ["TABLE.json: publishing, wrong bytes expected", "carries on; sent nothing for C000"],
    ["TABLE.json: others, unsubscribe", "carries on"],
    ["TABLE.json: others, subscribe", "carries on"],
    ["TABLE.json: others, asks for an answer", "carries on; sent 70020009 unasked"],
  ]);
  assertEquals(outcomes.filter((outcome) => !agrees(outcome)), verdict.unexplained);
  assertEquals(verdict.unexplained.map((outcome) => outcome.case.name.split(", ")[1]), [
    "wrongly expected to close",
    "wrong bytes expected",
  ]);
  assertEquals(
    summary(verdict),
    "10 cases of MQTT 3.1.1: 8 as mosquitto has it, 0 otherwise for a reason, 2 otherwise without one; " +
      "1 of other versions not played",
  );
  assertStringIncludes(page(outcomes, verdict), "| **no** | not explained yet |");
});

Deno.test("playFolder() tells a deviation that has a reason from one that has none", async () => {
  await using folder = await tempFolder();
  const msgs = [{ type: "send", payload: "30 r5 s3 610162" }];
  const tests = [{ name: "topic with U+0001", msgs }, { name: "topic with U+0002", msgs }];
  await folder.write("PUBLISH.json", JSON.stringify([{ group: "PUBLISH", tests }]));
  const { verdict } = await playFolder(folder.path);
  assertEquals([verdict.deliberate.length, verdict.unexplained.length], [1, 1]);
});

Deno.test("playFolder() refuses a table that it cannot play", async () => {
  await using folder = await tempFolder();
  const play = async (test: unknown) => {
    await folder.write("T.json", JSON.stringify([{ group: "g", tests: [test] }]));
    await playFolder(folder.path);
  };
  await assertRejects(() => play({ name: "n", msgs: [{ type: "dance" }] }), SyntaxError, "dance");
  await assertRejects(() => play({ name: "n", command: "dance", msgs: [] }), TypeError, "dance");
});

Deno.test("messageBytes() reads every word", () => {
  const words: [message: string, hex: string][] = [
    ["", ""],
    ["20 0aFF", "200aff"],
    ["i255 H258 k1 m65535 s0 L16909060", "ff01020001ffff000001020304"],
    ["r0 r127 v128 r268435455 r268435456", "007f8001ffffff7f8080808001"],
    ["'a b'  'ä'", "612062c3a4"],
  ];
  for (const [message, hex] of words) assertEquals(messageBytes(message).toHex(), hex, message);
  for (const message of ["'open", "x7", "123", "r", "H-1"]) {
    assertThrows(() => messageBytes(message), SyntaxError, "word");
  }
});
