import type { SeriesValues } from 'test-helpers/sdk-metrics';

/** Rows that belong to the process or its container, not to one heap: what a worker thread must not repeat. */
const PROCESS_WIDE =
  /^(process\.|container\.|vitals\.(container|fd|connection)\.|vitals\.memory\.(peak|resident|swap|native)$)/;

/** Values of attributes that make a series of a shared metric one of the process. */
const PROCESS_WIDE_VALUES = /vitals\.memory\.(signal="(rss|native)"|limit="(container|host)")/;

/** The metric of a series that is written `name{key="value"}`. */
export function metricOf(series: string): string {
  return series.split('{', 1)[0]!;
}

/** Whether a series speaks of the whole process. */
export function isProcessWide(series: string): boolean {
  return PROCESS_WIDE.test(metricOf(series)) || PROCESS_WIDE_VALUES.test(series);
}

/** Whether a series speaks of the container, which may hold several processes. */
export function isOfContainer(series: string): boolean {
  return (
    /^(container\.|vitals\.container\.)/.test(series) || series.includes('vitals.memory.limit="container"')
  );
}

/** @throws Error if there is no such number */
export function numberIn(values: SeriesValues, series: string): number {
  const value = values[series];
  if (typeof value !== 'number') throw new Error(`${series} is ${String(value)}`);
  return value;
}
