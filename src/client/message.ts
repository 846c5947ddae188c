import type { PublishPacket } from "../codec/mod.ts";

/** A message from the server; its payload is yours, though its `ArrayBuffer` may be shared with others. */
export type Message = PublishPacket;

/** Is given the messages of a subscription. A message at QoS 1 or 2 is acknowledged when what it returns has resolved. */
export type MessageHandler = (message: Message) => void | Promise<void>;
