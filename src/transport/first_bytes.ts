import type { Connection } from "./transport.ts";

/** A connection of which some bytes have been read already: they come first. */
export function withFirstBytes(connection: Connection, first: Uint8Array): Connection {
  let left = first;
  return {
    read(buffer) {
      if (left.length === 0) return connection.read(buffer);
      const count = Math.min(left.length, buffer.length);
      buffer.set(left.subarray(0, count));
      left = left.subarray(count);
      return Promise.resolve(count);
    },
    write: (bytes) => connection.write(bytes),
    close() {
      left = new Uint8Array();
      connection.close();
    },
  };
}
