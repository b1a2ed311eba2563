/** What histograms of both kinds have. */
interface Summary {
  readonly count: number;
  readonly sum?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** The smallest and the largest of both. Left out where one of them has values, and does not say which: a guess would be a lie. */
export function addedExtremes(one: Summary, other: Summary): { min?: number; max?: number } {
  if (one.count === 0) return extremesOf(other);
  if (other.count === 0) return extremesOf(one);
  return {
    ...(one.min === undefined || other.min === undefined ? {} : { min: Math.min(one.min, other.min) }),
    ...(one.max === undefined || other.max === undefined ? {} : { max: Math.max(one.max, other.max) }),
  };
}

/** The sum of both; left out where one of them has none, as those of instruments that may go down. */
export function addedSums(one: Summary, other: Summary): { sum?: number } {
  return one.sum === undefined || other.sum === undefined ? {} : { sum: one.sum + other.sum };
}

function extremesOf({ min, max }: Summary): { min?: number; max?: number } {
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}
