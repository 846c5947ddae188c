/**
 * Keeps what is not yet delivered, in memory or in a file; knows nothing of connections.
 *
 * @module
 */

export { KvOutbox, kvOutbox, type KvOutboxOptions } from "./kv_outbox.ts";
export type { OutboxLimits } from "./limits.ts";
export { MemoryOutbox, memoryOutbox } from "./memory_outbox.ts";
export type { KeptMessage, MessageToKeep } from "./message.ts";
