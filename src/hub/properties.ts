/**
 * Property bags: `name=value` pairs behind the topic of a message, joined by `&` and percent-encoded (IoT Hub:
 * "Communicate with your IoT hub using the MQTT protocol", sending device-to-cloud messages).
 *
 * Names and values are always encoded: a raw space, colon, slash, `#` or `+` makes the hub drop the connection.
 *
 * @module
 */

/** A property of an incoming message: a name without `=` stands for `null`, `name=` for the empty string. */
export type PropertyValue = string | null;

/**
 * Writes a property bag.
 *
 * @example Two properties
 * ```ts
 * import { encodeProperties } from "./properties.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(encodeProperties([["$.ct", "application/json"], ["room", "5 + 6"]]), "%24.ct=application%2Fjson&room=5%20%2B%206");
 * ```
 *
 * @throws {TypeError} If a name is empty, or a name or value has a lone surrogate.
 */
export function encodeProperties(
  properties: Iterable<readonly [name: string, value: string]>,
): string {
  return Array.from(properties, ([name, value]) => {
    if (name === "") throw new TypeError("Cannot encode a property without a name");
    return `${encode(name)}=${encode(value)}`;
  }).join("&");
}

/**
 * Reads a property bag, with or without a leading `?`. Of properties with the same name the last counts; what
 * is not valid percent-encoding stays as it is.
 */
export function decodeProperties(bag: string): Map<string, PropertyValue> {
  const properties = new Map<string, PropertyValue>();
  for (const pair of bag.replace(/^\?/, "").split("&")) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    if (at < 0) properties.set(decode(pair), null);
    else properties.set(decode(pair.slice(0, at)), decode(pair.slice(at + 1)));
  }
  return properties;
}

function encode(text: string): string {
  if (!text.isWellFormed()) {
    throw new TypeError(
      `Cannot encode the property ${JSON.stringify(text)}: it has a lone surrogate`,
    );
  }
  return encodeURIComponent(text);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // deno-coverage-ignore
    if (!(error instanceof URIError)) throw new Error("Bug: not a URIError", { cause: error });
    return text;
  }
}
