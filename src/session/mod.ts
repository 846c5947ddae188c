/**
 * The session: packets and time in, packets and events out. Pure.
 *
 * @module
 */

export { Counters } from "./counters.ts";
export { connackOverdue } from "./overdue.ts";
export type { Delivery } from "./received.ts";
export { refusal } from "./refusal.ts";
export { Session, type SessionState } from "./session.ts";
export type { OutgoingMessage, SessionHandler, SessionOptions } from "./session_handler.ts";
export { violation } from "./violation.ts";
