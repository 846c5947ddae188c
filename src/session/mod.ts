/**
 * The session: packets and time in, packets and events out. Pure.
 *
 * @module
 */

export type { Delivery } from "./received.ts";
export { Session, type SessionHandler, type SessionOptions, type SessionState } from "./session.ts";
