/** Numbers in [0, 1). */
export type Random = () => number;

/** A repeatable source of numbers that are random enough to shuffle with (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same elements in random order (Fisher and Yates). */
export function shuffled<Element>(elements: readonly Element[], random: Random): Element[] {
  const result = [...elements];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const moved = result[last] as Element;
    result[last] = result[other] as Element;
    result[other] = moved;
  }
  return result;
}
