import type { Message } from "../client/mod.ts";
import { decodeProperties, type PropertyValue } from "./properties.ts";

const DECODER = new TextDecoder("utf-8", { fatal: true });

/** A message from the cloud to this device. */
export class CloudMessage {
  /** Its bytes. */
  readonly payload: Uint8Array;
  /** The topic that it came on, its property bag included. */
  readonly topic: string;
  /** At which quality of service it came. */
  readonly qos: 0 | 1 | 2;
  /** Whether it came before, unacknowledged. */
  readonly dup: boolean;
  /** Whether it is retained; the hub keeps no message for later subscribers. */
  readonly retain: boolean;
  /** Application properties; `null` where the sender gave a name without a value. */
  readonly properties: ReadonlyMap<string, PropertyValue>;
  /** System properties by their names on the wire, such as `$.mid`. */
  readonly systemProperties: ReadonlyMap<string, PropertyValue>;

  /** Made by {@linkcode DeviceClient.messages}. */
  constructor({ topic, payload, qos, dup, retain }: Message, bag: string) {
    const all = Array.from(decodeProperties(bag));
    this.payload = payload;
    this.topic = topic;
    this.qos = qos;
    this.dup = dup;
    this.retain = retain;
    this.properties = new Map(all.filter(([name]) => !name.startsWith("$.")));
    this.systemProperties = new Map(all.filter(([name]) => name.startsWith("$.")));
  }

  /** The sender's id of it. At-least-once delivery may bring the same id twice. */
  get messageId(): string | undefined {
    return this.systemProperties.get("$.mid") ?? undefined;
  }

  /** What it answers. */
  get correlationId(): string | undefined {
    return this.systemProperties.get("$.cid") ?? undefined;
  }

  /** Such as `application/json`. */
  get contentType(): string | undefined {
    return this.systemProperties.get("$.ct") ?? undefined;
  }

  /**
   * The payload as text.
   *
   * @throws {TypeError} If it is not UTF-8.
   */
  text(): string {
    return DECODER.decode(this.payload);
  }

  /**
   * What the payload says as JSON.
   *
   * @throws {TypeError} If it is not UTF-8.
   * @throws {SyntaxError} If it is not JSON.
   */
  json(): unknown {
    return JSON.parse(this.text());
  }
}
