import type { Dice } from "../_kit/packet_generators/dice.ts";

/** What a client can be told to do. */
export type Operation =
  | { kind: "publish"; qos: 0 | 1 | 2; lane: number; count: number; size: number }
  | { kind: "subscribe"; qos: 0 | 1 | 2; other: number }
  | { kind: "unsubscribe"; other: number }
  | { kind: "reopen" }
  | { kind: "switch" }
  | { kind: "pause"; ms: number };

/** How often each kind comes, in relation to the others. */
const WEIGHTS: readonly [weight: number, make: (dice: Dice, clients: number) => Operation][] = [
  [20, (dice) => publish(dice, 0)],
  [45, (dice) => publish(dice, 1)],
  [30, (dice) => publish(dice, 2)],
  [4, (dice, clients) => ({ kind: "subscribe", qos: anyQos(dice), other: dice.below(clients) })],
  [3, (dice, clients) => ({ kind: "unsubscribe", other: dice.below(clients) })],
  [1, () => ({ kind: "reopen" })],
  [3, () => ({ kind: "switch" })],
  [10, (dice) => ({ kind: "pause", ms: dice.below(200) })],
];

/** The next operation: the same for the same dice, whatever happens meanwhile. */
export function nextOperation(dice: Dice, clients: number): Operation {
  const total = WEIGHTS.reduce((sum, [weight]) => sum + weight, 0);
  let left = dice.below(total);
  for (const [weight, make] of WEIGHTS) {
    if (left < weight) return make(dice, clients);
    left -= weight;
  }
  throw new Error("Bug: the weights make the total");
}

/** In a few words. */
export function describeOperation(operation: Operation): string {
  const { kind, ...rest } = operation;
  return [kind, ...Object.entries(rest).map(([name, value]) => `${name} ${value}`)].join(" ");
}

/** Mostly one, sometimes many at once; mostly small, sometimes larger than a read. */
function publish(dice: Dice, qos: 0 | 1 | 2): Operation {
  const count = dice.chance(0.1) ? dice.between(10, 60) : 1;
  const size = dice.chance(0.03) ? dice.between(20_000, 100_000) : dice.below(100);
  return { kind: "publish", qos, lane: dice.below(2), count, size };
}

function anyQos(dice: Dice): 0 | 1 | 2 {
  return dice.pick([0, 1, 2]);
}
