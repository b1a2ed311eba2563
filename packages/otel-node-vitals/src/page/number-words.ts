const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const SECONDS = { day: 86_400, hour: 3_600, minute: 60 } as const;

/** Further than this is "not in sight": what `vitals.*.time_to_limit` reports at most. */
const HORIZON_SECONDS = 604_800;

/** Three digits, never in scientific notation: `0.0123`, `1.5`, `182`, `1,024`. */
export function plain(value: number): string {
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

/** Bytes in powers of 1,024: `182 MiB`. */
export function bytes(value: number): string {
  let scaled = Math.abs(value);
  let unit = 0;
  // From 1,000 on in the next unit, so that there are never more than three digits.
  while (scaled >= 999.5 && unit < BYTE_UNITS.length - 1) {
    scaled /= 1024;
    unit += 1;
  }
  const digits = unit === 0 ? String(Math.round(scaled)) : plain(scaled);
  return `${value < 0 ? '\u2212' : ''}${digits} ${BYTE_UNITS[unit] ?? ''}`;
}

/** Bytes a second as `+3.1 MiB/min`. */
export function bytesPerMinute(perSecond: number): string {
  return `${perSecond > 0 ? '+' : ''}${bytes(perSecond * 60)}/min`;
}

export function bytesPerSecond(perSecond: number): string {
  return `${bytes(perSecond)}/s`;
}

/** Descriptors a second as `+0.5 /min`. */
export function perMinute(perSecond: number): string {
  return `${perSecond > 0 ? '+' : ''}${plain(perSecond * 60).replace('-', '\u2212')}/min`;
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A share as `36 %`, two digits where it is small. */
export function percent(share: number): string {
  return `${share >= 0.1 ? Math.round(share * 100) : Number((share * 100).toPrecision(2))} %`;
}

/** A time in as much detail as is of use: `3.2 ms`, `2 min 5 s`, `46 min`, `1 h 46 min`, `3 d 2 h`. */
export function duration(seconds: number): string {
  if (seconds === 0) return '0 s';
  if (seconds < 1e-3) return `${plain(seconds * 1e6)} µs`;
  if (seconds < 1) return `${plain(seconds * 1e3)} ms`;
  if (seconds < 10) return `${plain(seconds)} s`;
  // Rounded first, so that no part can come out as a full next one ("60 min").
  if (Math.round(seconds) < 10 * SECONDS.minute)
    return parts(Math.round(seconds), SECONDS.minute, 'min', 1, 's');
  const minutes = Math.round(seconds / SECONDS.minute);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 1440) return parts(minutes * SECONDS.minute, SECONDS.hour, 'h', SECONDS.minute, 'min');
  const hours = Math.round(seconds / SECONDS.hour);
  return parts(hours * SECONDS.hour, SECONDS.day, 'd', SECONDS.hour, 'h');
}

function parts(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const wholes = Math.floor(seconds / large);
  const rest = Math.floor((seconds - wholes * large) / small);
  return [wholes > 0 ? `${wholes} ${largeUnit}` : '', rest > 0 ? `${rest} ${smallUnit}` : '']
    .filter(part => part !== '')
    .join(' ');
}

/** A time to a limit: `in 1 h 46 min`, `reached`, `not in sight`. */
export function timeToLimit(seconds: number): string {
  if (seconds <= 0) return 'reached';
  return seconds >= HORIZON_SECONDS ? 'not in sight' : `in ${duration(seconds)}`;
}
