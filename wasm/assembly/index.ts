/** What TypeScript sees of the module: its functions, and the layout of its memory. */

export { headSize, scan } from "./scan";
export { readFields } from "./read_connect";
export { listEntries } from "./list_entries";
export { writeString } from "./write_text";
export { defineTopic } from "./handles";
export { addFilter, addRoot, matchFilters, matchText, removeFilter } from "./filters";
export { OVERSHOOT } from "./bytes";
export { seedHash } from "./seed_hash";
export {
  HEAD_ROOM,
  writeAcknowledgement,
  writeConnectHeader,
  writeHeader,
  writeLength,
  writePacketId,
  writePublishHead,
} from "./write_packet";
export {
  FIELDS,
  FILTER_MATCHES,
  HANDLE_CAPACITY,
  INPUT,
  LONG_TOPIC_HANDLE,
  MEMORY_PAGES,
  OUTPUT,
  OUTPUT_SIZE,
  ROW_SIZE,
  ROWS,
  SCAN_AGAIN,
  SLOT_COUNT,
  SLOT_SIZE,
  SLOTS,
  STATUS,
  TEXT,
  TEXT_CAPACITY,
  TOPIC_CAPACITY,
  TOPIC_ENTRIES,
  WORD_CONSUMED,
  WORD_ERROR,
  WORD_ERROR_AT,
  WORD_FILTER_NODES,
  WORD_FLIPS,
  WORD_NEEDED,
  WORD_NEXT_ENTRY,
  WORD_TOPICS,
} from "./layout";
