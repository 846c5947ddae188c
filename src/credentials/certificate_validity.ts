const dayMs = 86_400_000;
// Between a device and the hub that checks it, clocks a few minutes apart are normal.
const clockSkewMs = 5 * 60_000;

/** From when and for how long a new certificate is valid. */
export interface Validity {
  notBefore: Date;
  notAfter: Date;
}

/**
 * Works out both dates; X.509 counts in whole seconds.
 *
 * @throws {TypeError} If an end is given twice, as a date and as a number of days.
 * @throws {RangeError} If the end is not after the beginning.
 */
export function chooseValidity(
  options: { validDays?: number; notBefore?: Date; notAfter?: Date },
  defaultDays: number,
): Validity {
  if (options.validDays !== undefined && options.notAfter !== undefined) {
    throw new TypeError("Give validDays or notAfter, not both");
  }
  const begin = options.notBefore?.getTime() ?? Date.now() - clockSkewMs;
  const end = options.notAfter?.getTime() ?? begin + (options.validDays ?? defaultDays) * dayMs;
  const notBefore = wholeSeconds(begin);
  const notAfter = wholeSeconds(end);
  if (!(notBefore < notAfter)) throw new RangeError("A certificate has to end after it begins");
  return { notBefore, notAfter };
}

function wholeSeconds(time: number): Date {
  return new Date(Math.floor(time / 1000) * 1000);
}
