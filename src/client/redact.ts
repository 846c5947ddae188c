/**
 * What of a text may be shown to whoever looks for a fault. Secrets hide in parameters (`sig=…`, `token=…`), so
 * of `name=value` only the values of names known to be harmless are shown.
 */

/** Of Azure IoT Hub's user names, topics and property bags, and secret to nobody. */
const HARMLESS: ReadonlySet<string> = new Set([
  "api-version",
  "model-id",
  "$rid",
  "$version",
  "$.mid",
  "$.cid",
  "$.ct",
  "$.ce",
  "$.to",
  "iothub-ack",
]);

const PARAMETER = /([^/?&=;\s]+)=([^&;]*)/g;
const JSON_WEB_TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;
/** `host/device/?api-version=…`, as Azure wants it. */
const HUB_USER_NAME = /^[^/?=\s]+\/[^?=\s]+\/\?api-version=[^?]*$/;

/** A topic or topic filter without the values of its properties. */
export function redactTopic(topic: string): string {
  return topic
    .replace(
      PARAMETER,
      (whole, name) => HARMLESS.has(name.replace(/^%24/, "$")) ? whole : `${name}=…`,
    )
    .replace(JSON_WEB_TOKEN, "…");
}

/** A user name, if it is a hub's: elsewhere it may be a token, and only its length is told. */
export function redactUserName(username: string): string {
  return HUB_USER_NAME.test(username) ? redactTopic(username) : `… (${username.length} characters)`;
}
