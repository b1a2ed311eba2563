import type { AlertCondition } from './alert-conditions.js';
import type { Series } from './prometheus-api.js';
import type { ScrapedJob } from './scraped-job.js';

/** A stretch of time in which an alert fired, by Prometheus. */
export interface Firing {
  readonly alert: string;
  readonly job: string;
  /** Without what every alert has. */
  readonly labels: Readonly<Record<string, string>>;
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

/** The stretches of `ALERTS{alertstate="firing"}`. */
export function firingsOf(alerts: readonly Series[], intervalSeconds: number): Firing[] {
  return alerts.flatMap(({ labels: all, points }) => {
    const { alertname = '', job = '' } = all;
    const common = ['__name__', 'alertname', 'alertstate', 'severity', 'job', 'instance'];
    const labels = Object.fromEntries(Object.entries(all).filter(([label]) => !common.includes(label)));
    const stretches: { fromSeconds: number; untilSeconds: number }[] = [];
    for (const { atSeconds } of points) {
      const latest = stretches.at(-1);
      if (latest !== undefined && atSeconds < latest.untilSeconds + 1.5 * intervalSeconds) {
        latest.untilSeconds = atSeconds;
      } else {
        stretches.push({ fromSeconds: atSeconds, untilSeconds: atSeconds });
      }
    }
    return stretches.map(stretch => ({ alert: alertname, job, labels, ...stretch }));
  });
}

/** A stretch of time in which a condition holds by the scraped samples. */
export interface Due {
  readonly condition: AlertCondition;
  readonly fromSeconds: number;
  readonly untilSeconds: number;
  /** When it has held for as long as it must. */
  readonly dueSeconds: number;
}

const STEP_SECONDS = 0.1;

/** From the first to the last moment. */
export interface Stretch {
  readonly fromSeconds: number;
  readonly untilSeconds: number;
}

/** Where a condition holds, without an interruption. */
export function stretchesOf(
  condition: AlertCondition,
  job: ScrapedJob,
  { fromSeconds, untilSeconds }: Stretch,
): Stretch[] {
  const moments: Stretch[] = [];
  for (let step = 0; fromSeconds + step * STEP_SECONDS <= untilSeconds; step += 1) {
    const atSeconds = fromSeconds + step * STEP_SECONDS;
    if (condition.holds(job, atSeconds)) moments.push({ fromSeconds: atSeconds, untilSeconds: atSeconds });
  }
  return bridged(moments, 1.5 * STEP_SECONDS);
}

/**
 * The stretches that last for as long as a condition must hold.
 *
 * @param bridgedSeconds an interruption that is no longer does not count: Prometheus looks only so often
 */
export function duesOf(
  condition: AlertCondition,
  stretches: readonly Stretch[],
  bridgedSeconds: number,
): Due[] {
  return bridged(stretches, bridgedSeconds)
    .map(stretch => ({ condition, ...stretch, dueSeconds: stretch.fromSeconds + condition.forSeconds }))
    .filter(({ dueSeconds, untilSeconds }) => untilSeconds >= dueSeconds);
}

function bridged(stretches: readonly Stretch[], gapSeconds: number): Stretch[] {
  const joined: { readonly fromSeconds: number; untilSeconds: number }[] = [];
  for (const { fromSeconds, untilSeconds } of stretches) {
    const latest = joined.at(-1);
    if (latest !== undefined && fromSeconds - latest.untilSeconds <= gapSeconds)
      latest.untilSeconds = untilSeconds;
    else joined.push({ fromSeconds, untilSeconds });
  }
  return joined;
}
