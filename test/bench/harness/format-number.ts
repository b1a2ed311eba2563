import type { Unit } from './benchmark.js';
import type { Estimate } from './statistics.js';

interface Scale {
  readonly factor: number;
  readonly symbol: string;
}

const TIME_SCALES: readonly Scale[] = [
  { factor: 1e9, symbol: ' ns' },
  { factor: 1e6, symbol: ' µs' },
  { factor: 1e3, symbol: ' ms' },
  { factor: 1, symbol: ' s' },
];

const SCALES: Readonly<Record<Unit, readonly Scale[]>> = {
  s: TIME_SCALES,
  B: [
    { factor: 1, symbol: ' B' },
    { factor: 1e-6, symbol: ' MB' },
  ],
  'B/tick': [{ factor: 1, symbol: ' B/tick' }],
  '1': [{ factor: 1, symbol: '' }],
};

/** From this much of a unit on, the next one is used. */
const TOO_MUCH: Readonly<Record<Unit, number>> = { s: 999.5, B: 999_500, 'B/tick': Infinity, '1': Infinity };

/** Whole numbers below 1,000 as they are; else three significant digits, thousands set apart: 0.00123, 1.23, 12,300. */
export function formatPlain(value: number): string {
  const rounded = Number(value.toPrecision(3));
  if (Math.abs(rounded) >= 1000) return rounded.toLocaleString('en-US');
  return Number.isInteger(value) ? String(value) : withDecimals(rounded);
}

/** A value with its unit; times in the unit that leaves 1 to 999 of it, bytes in MB (10⁶) from a million on. */
export function formatValue(value: number, unit: Unit): string {
  const { factor, symbol } = scaleOf(value, unit);
  return `${formatPlain(value * factor)}${symbol}`;
}

/** `2.31 – 2.35`, in the unit of the median beside it. */
export function formatInterval({ median, low, high }: Estimate, unit: Unit): string {
  const { factor } = scaleOf(median, unit);
  return `${formatPlain(low * factor)} – ${formatPlain(high * factor)}`;
}

function scaleOf(value: number, unit: Unit): Scale {
  const scales = SCALES[unit];
  const magnitude = Math.abs(value);
  return scales.find(({ factor }) => magnitude * factor < TOO_MUCH[unit]) ?? scales.at(-1)!;
}

/** As many decimals as three significant digits leave, e.g. 1.00 for 0.9996. */
function withDecimals(rounded: number): string {
  const decimals = 2 - Math.floor(Math.log10(Math.abs(rounded)));
  return rounded.toFixed(Math.min(Math.max(decimals, 0), 6));
}
