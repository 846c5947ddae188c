/**
 * Where everything stands in the module's memory, which never grows.
 *
 * TypeScript reads the same constants from the module's exported globals (see `index.ts`), so this file
 * is the only place that knows them.
 */

/** Words (i32) through which a call answers more than one number; see the `WORD_` constants. */
export const STATUS: i32 = 0x400;

/** Address behind the last whole packet of a scan. */
export const WORD_CONSUMED: i32 = 0;
/** Size of the packet that the buffer holds only a part of; 0 while its length field is incomplete. */
export const WORD_NEEDED: i32 = 1;
/** In place of that size: the rows are used up, there are more packets to scan. */
export const SCAN_AGAIN: i32 = -1;
/** A `MALFORMED_` or `INVALID_` code of `codes.ts`; 0 when all was well. */
export const WORD_ERROR: i32 = 2;
/** Address (decoding) or UTF-16 index (encoding) of what was wrong. */
export const WORD_ERROR_AT: i32 = 3;
/** How often the table of topics changed generation. */
export const WORD_FLIPS: i32 = 4;
/** How many topics each of the two generations holds. */
export const WORD_TOPICS: i32 = 5; // and 6
/** Where an interrupted walk over list entries goes on. */
export const WORD_NEXT_ENTRY: i32 = 7;
/** How many nodes of topic filters there are. */
export const WORD_FILTER_NODES: i32 = 8;

/** Fields of one CONNECT, or the entries of one SUBSCRIBE or UNSUBSCRIBE: i32 words. */
export const FIELDS: i32 = 0x1000;
export const FIELDS_SIZE: i32 = 0x3000;

/** One string on its way out, as UTF-16; 65 535 units at most. */
export const TEXT: i32 = 0x4000;
export const TEXT_CAPACITY: i32 = 65535;

/** The UTF-8 form of a topic that is too long to be kept in the table of topics. */
export const LONG_TOPIC: i32 = TEXT + 0x20000;
export const LONG_TOPIC_SIZE: i32 = 0x10000;

/** Descriptor rows of a scan, 8 words each. */
export const ROWS: i32 = LONG_TOPIC + LONG_TOPIC_SIZE;
export const ROW_SIZE: i32 = 32;
export const ROW_CAPACITY: i32 = 4096;

/** Topics that came in: two generations of entries (16 bytes), index (u16 slots) and bytes. */
export const TOPIC_CAPACITY: i32 = 16384;
export const TOPIC_SLOTS: i32 = 32768;
export const TOPIC_HEAP_SIZE: i32 = 0x100000;
export const TOPIC_ENTRIES: i32 = ROWS + ROW_SIZE * ROW_CAPACITY;
export const TOPIC_INDEX: i32 = TOPIC_ENTRIES + 2 * TOPIC_CAPACITY * 16;
export const TOPIC_HEAP: i32 = TOPIC_INDEX + 2 * TOPIC_SLOTS * 2;

/** Topics on their way out: two generations of entries (8 bytes) and bytes; one more entry for `LONG_TOPIC`. */
export const HANDLE_CAPACITY: i32 = 4096;
export const HANDLE_HEAP_SIZE: i32 = 0x40000;
export const HANDLE_ENTRIES: i32 = TOPIC_HEAP + 2 * TOPIC_HEAP_SIZE;
export const LONG_TOPIC_HANDLE: i32 = 2 * HANDLE_CAPACITY;
export const HANDLE_HEAP: i32 = HANDLE_ENTRIES + (LONG_TOPIC_HANDLE + 1) * 8;

/** A topic longer than this is never kept: it is checked anew each time. */
export const LONGEST_KEPT_TOPIC: i32 = 1024;

/** No scan is given more bytes than this, but for a single large packet. */
export const WINDOW_SIZE: i32 = 0x10000;

/** Bytes that came in and live nowhere else in this memory; whole pages. */
export const INPUT: i32 = (HANDLE_HEAP + 2 * HANDLE_HEAP_SIZE + 0xffff) & ~0xffff;
export const INPUT_SIZE: i32 = 0x80000;

/** Packets on their way out are put together here. */
export const OUTPUT: i32 = INPUT + INPUT_SIZE;
export const OUTPUT_SIZE: i32 = 0x80000;

/** Slices that a busy connection leases to read into and write from. */
export const SLOTS: i32 = OUTPUT + OUTPUT_SIZE;
export const SLOT_SIZE: i32 = 0x10000;
export const SLOT_COUNT: i32 = 32;

/** Trees of topic filters: nodes, and the buckets (u16) in which children are found. */
export const FILTER_NODE_SIZE: i32 = 96;
export const FILTER_NODE_CAPACITY: i32 = 0x10000;
export const FILTER_NODES: i32 = SLOTS + SLOT_SIZE * SLOT_COUNT;
export const FILTER_BUCKET_BITS: i32 = 16;
export const FILTER_BUCKETS: i32 = FILTER_NODES + FILTER_NODE_SIZE * FILTER_NODE_CAPACITY;

/** A match: the nodes that it comes to (u16), and the filters that it finds (i32), up to two a node. */
export const FILTER_QUEUE: i32 = FILTER_BUCKETS + (2 << FILTER_BUCKET_BITS);
export const FILTER_MATCHES: i32 = FILTER_QUEUE + 2 * FILTER_NODE_CAPACITY;
export const FILTER_MATCHES_SIZE: i32 = 2 * 4 * FILTER_NODE_CAPACITY;

/** Comparisons read whole words past the end of a string: the last page keeps that inside. */
export const MEMORY_PAGES: i32 = (FILTER_MATCHES + FILTER_MATCHES_SIZE) / 0x10000 + 1;
