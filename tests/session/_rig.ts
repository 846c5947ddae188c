import { assertEquals, assertThrows } from "@std/assert";
import type { Packet, PublishPacket } from "../../src/codec/mod.ts";
import { ProtocolError } from "../../src/errors.ts";
import { type Delivery, Session, type SessionHandler } from "../../src/session/mod.ts";

export const CONNECT = {
  type: "connect",
  clientId: "d1",
  cleanSession: true,
  keepAliveSeconds: 100,
} as const;

export const MESSAGE = { topic: "t", payload: new Uint8Array([1]), qos: 0, retain: false } as const;

/** A session, everything it wanted done, and short ways to play the server. */
export class Rig implements SessionHandler<string> {
  readonly session = new Session<string>({ connackDeadlineMs: 5000, pingDeadlineMs: 2000 }, this);
  sent: Packet[] = [];
  events: unknown[][] = [];
  deliveries: Delivery[] = [];

  static connected(connect: Partial<typeof CONNECT> | object = {}): Rig {
    const rig = new Rig();
    rig.session.open({ ...CONNECT, ...connect }, 0);
    rig.receive({ type: "connack", sessionPresent: false, returnCode: 0 });
    rig.sent = [];
    rig.events = [];
    return rig;
  }

  send(packet: Packet): void {
    this.sent.push(packet);
  }

  connected(sessionPresent: boolean): void {
    this.events.push(["connected", sessionPresent]);
  }

  message(packet: PublishPacket, delivery: Delivery | undefined): void {
    this.events.push(["message", packet.topic]);
    if (delivery) this.deliveries.push(delivery);
  }

  acknowledged(token: string): void {
    this.events.push(["acknowledged", token]);
  }

  subscribed(token: string, returnCodes: number[]): void {
    this.events.push(["subscribed", token, returnCodes]);
  }

  receive(packet: Packet, now = 0): void {
    this.session.receive(packet, now);
  }

  publish(qos: 0 | 1 | 2, token: string): void {
    this.session.publish({ ...MESSAGE, qos, token }, 0);
  }
}

export function incoming(packetId: number, qos: 1 | 2, topic = "t"): PublishPacket {
  return {
    type: "publish",
    topic,
    payload: new Uint8Array(0),
    qos,
    retain: false,
    dup: false,
    packetId,
  };
}

export function violated(rig: Rig, packet: Packet): string {
  const error = assertThrows(() => rig.receive(packet), ProtocolError);
  assertEquals([error.code, error.party], ["MQTT_PROTOCOL_VIOLATION", "remote"]);
  return error.statement;
}

/** Loses the connection and makes another, on which the server has kept the session or not. */
export function reconnect(rig: Rig, sessionPresent: boolean): void {
  rig.session.lose();
  rig.session.open({ ...CONNECT, cleanSession: false }, 0);
  rig.sent = [];
  rig.events = [];
  rig.receive({ type: "connack", sessionPresent, returnCode: 0 });
}

/** Type and packet identifier, and DUP of a PUBLISH. */
export function outline(packet: Packet): unknown[] {
  const { type } = packet;
  const id = "packetId" in packet ? packet.packetId : undefined;
  return type === "publish" ? [type, id, packet.dup] : [type, id];
}
