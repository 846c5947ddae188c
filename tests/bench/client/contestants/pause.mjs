// @ts-check
/**
 * Waits 1 to 8 ms, another time for each index. The kernel acknowledges late by a clock of 4 ms: whoever connects again at
 * once does so in step with it, and is always lucky, or never.
 *
 * @param {number} index
 * @returns {Promise<void>}
 */
export function getOutOfStep(index) {
  return new Promise((resolve) => setTimeout(resolve, 1 + index * 3 % 8));
}
