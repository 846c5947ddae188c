import { assert, assertEquals } from "@std/assert";
import { SystemClock } from "../../src/client/clock.ts";

/** The two clocks of a machine, and that of a client which looks at them all the time. */
class Machine {
  monotonic = 0;
  timeOfDay = 1_700_000_000_000;
  #looked = () => {};
  readonly clock = new SystemClock({
    monotonic: () => this.monotonic,
    timeOfDay: () => {
      this.#looked();
      return this.timeOfDay;
    },
    lookEveryMs: 1,
  });

  /** As most systems do it: one clock stands still. */
  sleep(ms: number): void {
    this.timeOfDay += ms;
  }

  /** Waits until it has looked at the clocks again. */
  async seen(): Promise<void> {
    await new Promise<void>((resolve) => this.#looked = resolve);
  }
}

const HOUR = 3_600_000;

Deno.test("SystemClock rings what fell due while the machine slept, and nothing else", async () => {
  const machine = new Machine();
  const rung: string[] = [];
  const woken = Promise.withResolvers<void>();
  machine.clock.schedule(50_000, () => {
    rung.push("due");
    woken.resolve();
  });
  const cancels = [
    machine.clock.schedule(2 * HOUR, () => rung.push("not due")),
    machine.clock.schedule(40_000, () => cancels[2]?.()),
    machine.clock.schedule(45_000, () => rung.push("cancelled by another")),
  ];
  machine.sleep(HOUR);
  await woken.promise;
  assertEquals([rung, machine.clock.now()], [["due"], HOUR]);
  for (const cancel of cancels) cancel();
});

Deno.test("SystemClock takes a time of day that runs a little faster for no sleep", async () => {
  const machine = new Machine();
  const cancel = machine.clock.schedule(HOUR, () => {});
  machine.monotonic = 5000;
  machine.timeOfDay += 5999;
  await machine.seen();
  assertEquals(machine.clock.now(), 5000);
  cancel();
});

Deno.test("SystemClock does not go back with the time of day, nor forward when that is put right", async () => {
  const machine = new Machine();
  const cancel = machine.clock.schedule(HOUR, () => {});
  machine.monotonic = 1000;
  machine.sleep(-10 * HOUR);
  await machine.seen();
  assertEquals(machine.clock.now(), 1000);
  machine.sleep(HOUR);
  await machine.seen();
  assertEquals(machine.clock.now(), 1000 + HOUR);
  cancel();
});

Deno.test("SystemClock looks no more when no alarm is set, and takes nothing of that time for sleep", async () => {
  const machine = new Machine();
  machine.clock.schedule(HOUR, () => {})();
  machine.sleep(HOUR);
  // A timer that ran on would be a leak, and fail this test.
  const cancel = machine.clock.schedule(1000, () => {});
  await machine.seen();
  assertEquals(machine.clock.now(), 0);
  cancel();
});

Deno.test("SystemClock is that of this machine unless told otherwise", async () => {
  const clock = new SystemClock();
  const before = clock.now();
  await new Promise<void>((resolve) => clock.schedule(1, resolve));
  assert(clock.now() > before);
});
