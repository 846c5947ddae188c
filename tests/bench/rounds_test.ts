import { assertEquals, assertRejects } from "@std/assert";
import { type RoundOptions, runRounds } from "./rounds.ts";
import { always, type Contestant, type Task, type Workload } from "./workload.ts";

const TASK: Task = { count: 3, bytes: 30, checksum: 42 };

/** A clock that only moves when somebody works, and what was done when. */
class Stage {
  #now = 0;
  readonly log: string[] = [];

  contestant(name: string, options: { takes: number; finds?: number }): Contestant<Task> {
    return {
      name,
      run: () => {
        this.#now += options.takes;
        this.log.push(name);
        return options.finds ?? TASK.checksum;
      },
      close: () => this.log.push(`close ${name}`),
    };
  }

  workload(contestants: Contestant<Task>[]): Workload {
    return {
      group: "decode",
      name: "work",
      contestants: () => contestants,
      makeJobs: always(() => TASK),
    };
  }

  options(rounds: number, warmUps: number): RoundOptions {
    return { rounds, warmUps, now: () => this.#now, pause: () => Promise.resolve() };
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }
}

Deno.test("runRounds() lets everybody run once a round, each round another one first, then closes all", async () => {
  const stage = new Stage();
  const workload = stage.workload(
    ["a", "b", "c"].map((name) => stage.contestant(name, { takes: 1 })),
  );
  await runRounds(workload, stage.options(3, 0));
  assertEquals(stage.log.slice(0, 9).join(""), "abc" + "acb" + "cab");
  assertEquals(stage.log.slice(9), ["close a", "close b", "close c"]);
});

Deno.test("runRounds() throws the rounds to warm up away and keeps the times of the others", async () => {
  const stage = new Stage();
  const workload = stage.workload([
    stage.contestant("slow", { takes: 8 }),
    stage.contestant("fast", { takes: 2 }),
  ]);
  assertEquals(await runRounds(workload, stage.options(2, 3)), {
    task: TASK,
    times: [
      { name: "slow", milliseconds: [8, 8] },
      { name: "fast", milliseconds: [2, 2] },
    ],
  });
  assertEquals(stage.log.filter((name) => name === "slow").length, 5);
});

Deno.test("runRounds() asks for the job of each round, whose numbers are negative while it warms up", async () => {
  const rounds: number[] = [];
  const stage = new Stage();
  const workload: Workload = {
    ...stage.workload([stage.contestant("a", { takes: 1 })]),
    makeJobs: () => (round) => {
      rounds.push(round);
      return TASK;
    },
  };
  await runRounds(workload, stage.options(2, 2));
  assertEquals(rounds, [-2, -1, 0, 1]);
});

Deno.test("runRounds() takes off the least that an overhead takes by itself", async () => {
  const stage = new Stage();
  const contestant = stage.contestant("a", { takes: 7 });
  const turns = [6, 5, 9];
  const overhead = () => stage.pass(Number(turns.shift()));
  const { times } = await runRounds(
    stage.workload([{ ...contestant, overhead }]),
    stage.options(1, 0),
  );
  assertEquals(times, [{ name: "a", milliseconds: [2] }]);
});

Deno.test("runRounds() gives no figure when a run finds something else, and names who", async () => {
  const stage = new Stage();
  const workload = stage.workload([
    stage.contestant("right", { takes: 1 }),
    stage.contestant("wrong", { takes: 1, finds: 41 }),
  ]);
  await assertRejects(
    () => runRounds(workload, stage.options(1, 0)),
    Error,
    "wrong: checksum 41, not 42",
  );
});
