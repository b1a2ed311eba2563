import type { HrTime } from './otel-types.js';

/**
 * A time as JSON.
 *
 * @throws RangeError for one that is none: exporters throw for it too, and with it goes all that is sent together with it
 */
export function timeJson([seconds, nanoseconds]: HrTime): string {
  if (!Number.isFinite(seconds) || !Number.isFinite(nanoseconds)) {
    throw new RangeError(`a time is [${String(seconds)}, ${String(nanoseconds)}]`);
  }
  return `[${seconds},${nanoseconds}]`;
}
