/**
 * How fast time goes for the rules: in production as written; in a rehearsal minutes are seconds, so that the demo, which
 * leaks in seconds what a service leaks in hours, raises the same alerts by the same rules.
 */
export interface Pace {
  /** A duration of Prometheus. */
  minutes(count: number): string;
  /** Seconds that pass as a minute. */
  readonly secondsPerMinute: number;
  /** The window of `vitals.gc.utilization` that is judged: there are but two, and neither gets shorter for a rehearsal. */
  readonly utilizationWindow: '1m' | '5m';
  /** How often rules are evaluated, in seconds. */
  readonly evaluationSeconds: number;
}

export const production: Pace = {
  minutes: count => (count % 60 === 0 && count > 0 ? `${count / 60}h` : `${count}m`),
  secondsPerMinute: 60,
  utilizationWindow: '5m',
  evaluationSeconds: 30,
};

export const rehearsal: Pace = {
  minutes: count => `${count}s`,
  secondsPerMinute: 1,
  utilizationWindow: '1m',
  evaluationSeconds: 1,
};
