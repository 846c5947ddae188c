const DAY_MS = 86_400_000;

/** How long it is from one time to a later one, in days: `3 d`. */
export function daysBetween(from: Date, to: Date): string {
  return `${Math.floor((to.getTime() - from.getTime()) / DAY_MS)} d`;
}

/** The day of a date, in UTC. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
