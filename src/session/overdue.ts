/** The errors of a server that does not answer in time. */

import { DeadlineError, KeepAliveTimeoutError } from "../errors.ts";

/** CONNACK did not come. */
export function connackOverdue(deadlineMs: number): DeadlineError {
  return new DeadlineError("connack", deadlineMs, {
    what: "The server did not answer",
    why: `no CONNACK within ${deadlineMs} ms of CONNECT`,
    remedy: "Check that host and port are those of an MQTT server.",
  });
}

/** PINGRESP did not come. */
export function pingrespOverdue(deadlineMs: number): KeepAliveTimeoutError {
  return new KeepAliveTimeoutError({
    what: "The connection is dead",
    why: `the server did not answer PINGREQ within ${deadlineMs} ms`,
    remedy: "Connect again.",
  });
}

/** Not even PINGREQ was sent in time, by far. */
export function overslept(): KeepAliveTimeoutError {
  return new KeepAliveTimeoutError({
    what: "The connection is dead",
    why: "one and a half keep-alives have passed in silence, as if this machine had slept",
    remedy: "Connect again.",
  });
}
