/** What travels with a message. A name alone stands for `null`, a name with `=` for an empty text. */
export interface MessageProperties {
  /** The application's own properties. */
  properties: Record<string, string | null>;
  /** The hub's own, under their names on the wire: `$.mid`, `$.ct`, `$.ce`, `$.to` … */
  systemProperties: Record<string, string | null>;
}

// IoT Hub drops the connection over any of these left unencoded in a bag.
const mustBeEncoded = /[ :/#+]/;

/** Reads the property bag at the end of a topic; `undefined` if it is malformed. An empty one is fine. */
export function parsePropertyBag(bag: string): MessageProperties | undefined {
  const text = bag.startsWith("?") ? bag.slice(1) : bag;
  if (mustBeEncoded.test(text)) return undefined;
  const entries = text === "" ? [] : text.split("&").map(parseProperty);
  if (!entries.every((entry) => entry !== undefined)) return undefined;
  const isSystem = ([name]: [string, string | null]) => name.startsWith("$.");
  return {
    properties: Object.fromEntries(entries.filter((entry) => !isSystem(entry))),
    systemProperties: Object.fromEntries(entries.filter(isSystem)),
  };
}

/** Writes a property bag, every name and value percent-encoded: `$.mid` becomes `%24.mid`. */
export function buildPropertyBag(properties: Record<string, string | null>): string {
  return Object.entries(properties)
    .map(([name, value]) =>
      value === null
        ? encodeURIComponent(name)
        : `${encodeURIComponent(name)}=${encodeURIComponent(value)}`
    )
    .join("&");
}

function parseProperty(text: string): [string, string | null] | undefined {
  const equals = text.indexOf("=");
  const name = decode(equals < 0 ? text : text.slice(0, equals));
  const value = equals < 0 ? null : decode(text.slice(equals + 1));
  return name && value !== undefined ? [name, value] : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
