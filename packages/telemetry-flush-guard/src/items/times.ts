import type { HrTime } from './otel-types.js';

/** A time as JSON. */
export function timeJson([seconds, nanoseconds]: HrTime): string {
  return `[${seconds},${nanoseconds}]`;
}
