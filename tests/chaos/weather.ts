import { SYSTEM_CLOCK } from "../../src/client/clock.ts";
import type { Direction, Fault, FaultProxy } from "../_kit/fault_proxy.ts";
import type { Dice } from "../_kit/packet_generators/dice.ts";
import { pause } from "./pause.ts";

/** What happens to how many of the pieces that pass. */
const FAULTS: readonly [chance: number, fault: Fault][] = [
  [0.0008, { kind: "reset" }],
  [0.0004, { kind: "truncate" }],
  [0.0004, { kind: "halfClose" }],
  [0.0003, { kind: "blackhole" }],
  [0.003, { kind: "delay", ms: 30, clock: SYSTEM_CLOCK }],
  [0.001, { kind: "slice", size: 7 }],
];

/** TCP has nothing against these: only under TLS does anybody notice. */
const TLS_FAULTS: readonly [chance: number, fault: Fault][] = [
  [0.0004, { kind: "corrupt" }],
  [0.0004, { kind: "duplicate" }],
];

/** From now on the network is bad. */
export function spoil(proxy: FaultProxy, { isTls }: { isTls: boolean }): void {
  for (const [chance, fault] of isTls ? [...FAULTS, ...TLS_FAULTS] : FAULTS) {
    for (const direction of ["toServer", "toClient"] as Direction[]) {
      proxy.inflict({ ...fault, direction, chance });
    }
  }
}

/** Now and then nobody can connect for a while, or all are cut off at once. */
export async function storm(proxy: FaultProxy, dice: Dice, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(dice.between(1000, 4000), signal);
    if (signal.aborted) break;
    if (dice.chance(0.5)) proxy.resetAll();
    else {
      proxy.stopAccepting();
      await pause(dice.between(50, 500), signal);
      await proxy.acceptAgain();
    }
  }
}
