/** What is to be done on one connection; the peer reads it from the client id. */
export interface Job {
  /** To publish, to receive, or to stay connected and do nothing. */
  kind: "publish" | "receive" | "hold";
  qos: 0 | 1;
  /** Of a payload, in bytes. */
  size: number;
  /** Of the messages; at QoS 0 one more follows at QoS 1, whose acknowledgement says that all are there. */
  count: number;
}

/** A job that is only to be connected. */
export const HOLD: Job = { kind: "hold", qos: 0, size: 0, count: 0 };

/** The client id that asks the peer for a job. */
export function clientIdOf({ kind, qos, size, count }: Job): string {
  return [kind, qos, size, count].join("/");
}

/**
 * The job that a client id asks for.
 *
 * @throws {TypeError} If it asks for none.
 */
export function jobOf(clientId: string): Job {
  const [, kind, qos, size, count] = /^(publish|receive|hold)\/([01])\/(\d+)\/(\d+)$/
    .exec(clientId) ?? [];
  if (!kind) throw new TypeError(`${clientId} is no job`);
  return {
    kind: kind as Job["kind"],
    qos: qos === "1" ? 1 : 0,
    size: Number(size),
    count: Number(count),
  };
}
