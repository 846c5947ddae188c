const DAY_MS = 86_400_000;

/** How long it is from one time to a later one, in days: `3 d`. */
export function daysBetween(from: Date, to: Date): string {
  return `${Math.floor((to.getTime() - from.getTime()) / DAY_MS)} d`;
}

/** Why a certificate is not valid at that time, as the end of a sentence about it; `undefined` if it is. */
export function whyNotValid(
  { notBefore, notAfter }: { notBefore: Date; notAfter: Date },
  now: Date,
): string | undefined {
  if (now > notAfter) {
    return `expired ${daysBetween(notAfter, now)} ago (${notAfter.toISOString()})`;
  }
  if (now < notBefore) {
    return `is not valid for another ${daysBetween(now, notBefore)} (${notBefore.toISOString()})`;
  }
  return undefined;
}
