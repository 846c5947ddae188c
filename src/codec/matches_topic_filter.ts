/**
 * Whether a topic name matches a topic filter (section 4.7), told without the codec's memory. A filter that begins with
 * a wildcard matches no topic that begins with `$` [MQTT-4.7.2-1].
 */
export function matchesTopicFilter(topicFilter: string, topic: string): boolean {
  const filterLevels = topicFilter.split("/");
  const levels = topic.split("/");
  if (topic.startsWith("$") && (filterLevels[0] === "#" || filterLevels[0] === "+")) return false;
  for (const [index, wanted] of filterLevels.entries()) {
    // `a/#` matches `a` too.
    if (wanted === "#") return true;
    const level = levels[index];
    if (level === undefined || (wanted !== "+" && wanted !== level)) {
      return false;
    }
  }
  return filterLevels.length === levels.length;
}
