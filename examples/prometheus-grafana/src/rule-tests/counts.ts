import type { Shape } from './test-group.js';

/** What a count is that goes up at these rates, which hold for half a minute each. */
export function countOf(perSecond: Shape): Shape {
  const sums = [0];
  return minute => {
    for (let step = sums.length; step <= minute * 2; step += 1) {
      sums.push(sums[step - 1]! + 30 * (perSecond((step - 1) / 2) ?? 0));
    }
    return sums[minute * 2];
  };
}
