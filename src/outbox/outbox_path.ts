/**
 * A path as SQLite takes it for a file: behind `./`, `:memory:` and `file:…` are names like any other.
 *
 * @throws {TypeError} If it is no path. A URL would be a database somewhere else, which nobody has locked.
 */
export function outboxPath(path: string): string {
  if (path === "") throw new TypeError("Cannot keep an outbox: its path is empty");
  // Not quoted: a URL may have a password in it.
  if (/^https?:\/\//i.test(path)) {
    throw new TypeError("Cannot keep an outbox: it has to be a file, and a URL is none");
  }
  return /^(?:[/\\]|[a-z]:)/i.test(path) ? path : `./${path}`;
}
