import type { Message } from "../client/mod.ts";
import { CloudMessage } from "./cloud_message.ts";
import { parseCloudToDeviceTopic } from "./topics.ts";

/** Of a client's messages, those that the cloud sent to the device. */
export class CloudMessages implements AsyncIterableIterator<CloudMessage> {
  readonly #messages: AsyncIterableIterator<Message>;
  readonly #deviceId: string;
  readonly #subscribed: Promise<unknown>;

  constructor(
    messages: AsyncIterableIterator<Message>,
    { deviceId, subscribed }: { deviceId: string; subscribed: Promise<unknown> },
  ) {
    this.#messages = messages;
    this.#deviceId = deviceId;
    this.#subscribed = subscribed;
    // A refusal is told by `next`; nobody may ever ask.
    subscribed.catch(() => {});
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<CloudMessage, undefined>> {
    await this.#subscribed;
    for (;;) {
      const { done, value } = await this.#messages.next();
      if (done) return { done: true, value: undefined };
      const bag = parseCloudToDeviceTopic(this.#deviceId, value.topic);
      if (bag !== undefined) return { done: false, value: new CloudMessage(value, bag) };
    }
  }

  async return(): Promise<IteratorResult<CloudMessage, undefined>> {
    await this.#messages.return?.();
    return { done: true, value: undefined };
  }
}
