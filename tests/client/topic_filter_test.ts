import { assertEquals } from "@std/assert";
import { matchesTopicFilter } from "../../src/client/topic_filter.ts";

const CASES: [topicFilter: string, topic: string, matches: boolean][] = [
  ["a", "a", true],
  ["a", "b", false],
  ["a", "a/b", false],
  ["a/b", "a", false],
  ["a/b", "a/b", true],
  ["A", "a", false],
  // 4.7.1.2
  ["sport/tennis/player1/#", "sport/tennis/player1", true],
  ["sport/tennis/player1/#", "sport/tennis/player1/ranking", true],
  ["sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true],
  ["sport/tennis/player1/#", "sport/tennis/player2", false],
  ["sport/#", "sport", true],
  ["#", "sport/tennis", true],
  ["#", "/", true],
  // 4.7.1.3
  ["sport/tennis/+", "sport/tennis/player1", true],
  ["sport/tennis/+", "sport/tennis/player1/ranking", false],
  ["sport/+", "sport", false],
  ["sport/+", "sport/", true],
  ["+/+", "/finance", true],
  ["/+", "/finance", true],
  ["+", "/finance", false],
  ["+/tennis/#", "sport/tennis", true],
  ["+/b/+", "a/b/c", true],
  ["+/b/+", "a/c/c", false],
  // 4.7.2
  ["#", "$SYS/monitor", false],
  ["+/monitor/Clients", "$SYS/monitor/Clients", false],
  ["$SYS/#", "$SYS/monitor", true],
  ["$SYS/monitor/+", "$SYS/monitor/Clients", true],
  ["a/#", "a/$b", true],
  // 4.7.3
  ["/", "/", true],
  ["a//b", "a//b", true],
  ["a/+/b", "a//b", true],
];

for (const [topicFilter, topic, matches] of CASES) {
  Deno.test(`matchesTopicFilter(): ${topicFilter} ${matches ? "takes" : "leaves"} ${topic} [4.7]`, () => {
    assertEquals(matchesTopicFilter(topicFilter, topic), matches);
  });
}
