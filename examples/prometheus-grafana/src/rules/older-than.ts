import { HOLDS_MINUTES, latest } from './latest.js';
import type { Pace } from './pace.js';

const TICKS = '<vitals.sampler.ticks{vitals.reading=~"memory.process|fd.count|gc.summary"}>';

/** How often the process behind a target has begun anew: its own counts have fallen back. */
export function restarts(window: string): string {
  return `max by (job, instance) (resets(${TICKS}[${window}]))`;
}

/**
 * Ends a query so that it holds only for processes that have run for so long: one that has just begun grows, and a deploy
 * is not a leak. All cases: the target is new (Kubernetes), a new process is behind an old one (Compose), or its series
 * are new because its labels are (a deploy that brings another version of these packages).
 */
export function olderThan(minutes: number, pace: Pace): string {
  return [
    // As far back as the other condition looks, or it would see the process before this one.
    `and on (job, instance) (${restarts(pace.minutes(minutes + HOLDS_MINUTES))} == 0)`,
    `and on (job, instance) max by (job, instance) (${latest(TICKS, pace)} and ${latest(TICKS, pace, minutes)})`,
  ].join('\n');
}
