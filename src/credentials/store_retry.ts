/**
 * Tries again at random intervals until an answer is there or the time is up, and then returns `undefined`.
 *
 * There is always at least one attempt. The intervals are random so that two processes do not keep meeting.
 */
export async function poll<T>(
  attempt: () => T | undefined | Promise<T | undefined>,
  options: { deadlineMs: number },
): Promise<T | undefined> {
  const end = performance.now() + options.deadlineMs;
  for (;;) {
    const answer = await attempt();
    if (answer !== undefined || performance.now() >= end) return answer;
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 40));
  }
}
