/** The matcher of every query of the fleet: the jobs that are chosen. */
export const JOBS = 'job=~"$job"';

/** Without the moments in which nothing was collected: a percentile of nothing is NaN. */
export function withCollections(quantile: string): string {
  return `${quantile} >= 0`;
}

/** A series of the recording rules, of the jobs that are chosen. */
export function recorded(name: string, matchers = ''): string {
  return `${name}{${[JOBS, matchers].filter(Boolean).join(',')}}`;
}
