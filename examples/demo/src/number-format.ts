import { HORIZON_SECONDS } from './metric-names.js';

/** `20000` → `20,000`. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** One decimal, and never `-0.0`. */
export function tenths(value: number): string {
  const text = value.toFixed(1);
  return text === '-0.0' ? '0.0' : text;
}

const MEGABYTE = 1_048_576;

/**
 * Bytes in units of 1,048,576, as V8, Node.js and Docker count them: `12.4`, or `1,021` where tenths do not matter any
 * more. Without the unit.
 */
export function megabytes(bytes: number): string {
  const value = bytes / MEGABYTE;
  return Math.abs(value) < 999.95 ? tenths(value) : whole(value);
}

/** `0.0031` → `3.1 ms`. */
export function milliseconds(seconds: number): string {
  return `${tenths(seconds * 1_000)} ms`;
}

/** `0.974` → `97 %`; with a decimal below 10 %. */
export function share(part: number): string {
  return `${part < 0.0995 ? tenths(part * 100) : (part * 100).toFixed(0)} %`;
}

/** `0.974` → `97 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

/** `492` → `8.2 min`; what is at the horizon or beyond is `> 7 days`. */
export function duration(seconds: number): string {
  if (seconds >= HORIZON_SECONDS) return '> 7 days';
  if (seconds < 60) return `${tenths(seconds)} s`;
  if (seconds < 3_600) return `${tenths(seconds / 60)} min`;
  if (seconds < 86_400) return `${tenths(seconds / 3_600)} h`;
  return `${tenths(seconds / 86_400)} days`;
}

/** Minutes and seconds: `0:07`. */
export function clockTime(seconds: number): string {
  const past = Math.floor(seconds);
  return `${Math.floor(past / 60)}:${String(past % 60).padStart(2, '0')}`;
}
