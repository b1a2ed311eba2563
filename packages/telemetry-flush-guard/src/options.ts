import type { DropReason } from './spool/outcome.js';

/** Bounds of what is kept. */
export interface GuardLimits {
  /** Items in memory, for each exporter. Default 8,192. */
  memoryItems?: number;
  /** Bytes in memory, for each exporter, by estimate. Default 32 MiB. */
  memoryBytes?: number;
  /** Bytes on disk, of this process and what it has taken over from dead ones. Default 256 MiB. */
  diskBytes?: number;
  /** What is older is not sent any more, in milliseconds. Default 7 days. */
  maxAgeMillis?: number;
}

/** What happens when the process ends. */
export interface GuardExit {
  /** How long a signal may be held up for sending, in milliseconds. Default 3,000. */
  budgetMillis?: number;
  /** Signals to flush at. Default SIGTERM, SIGINT, SIGHUP. */
  signals?: readonly string[];
}

/** What was dropped. */
export interface Drop {
  readonly signal: 'span' | 'log';
  readonly count: number;
  readonly reason: DropReason;
}

/** Options of `createFlushGuard`. All may be left out. */
export interface FlushGuardOptions {
  /** The folder of the spool. Default `$OTEL_FLUSH_GUARD_DIR`, else a folder for this service under that for temporary files. */
  dir?: string;
  limits?: GuardLimits;
  /** `item`: what is accepted is on disk. `exit`: it is written when sending fails, and at the end. Default `item`. */
  writeAhead?: 'item' | 'exit';
  exit?: GuardExit;
  /** Told of everything that is not delivered, once. */
  onDrop?: (drop: Drop) => void;
}

/** Options with every default filled in. */
export interface ResolvedGuardOptions {
  readonly dir: string | undefined;
  readonly memoryItems: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly maxAgeMillis: number;
  readonly writeAhead: 'item' | 'exit';
  readonly budgetMillis: number;
  readonly signals: readonly NodeJS.Signals[];
  readonly onDrop: (drop: Drop) => void;
}

const MEBIBYTE = 1_048_576;
const KNOWN = {
  '': ['dir', 'limits', 'writeAhead', 'exit', 'onDrop'],
  limits: ['memoryItems', 'memoryBytes', 'diskBytes', 'maxAgeMillis'],
  exit: ['budgetMillis', 'signals'],
} as const;
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGBREAK'];

/** @throws RangeError or TypeError that names the option, what it must be and what it is */
export function resolveGuardOptions(options: FlushGuardOptions): ResolvedGuardOptions {
  const limits = section(options.limits, 'limits');
  const exit = section(options.exit, 'exit');
  section(options, '');
  return {
    dir: text(options.dir, 'dir'),
    memoryItems: count(limits.memoryItems, 'limits.memoryItems', 8_192, 1),
    memoryBytes: count(limits.memoryBytes, 'limits.memoryBytes', 32 * MEBIBYTE, 64 * 1024),
    diskBytes: count(limits.diskBytes, 'limits.diskBytes', 256 * MEBIBYTE, MEBIBYTE),
    maxAgeMillis: count(limits.maxAgeMillis, 'limits.maxAgeMillis', 7 * 86_400_000, 1_000),
    writeAhead: choice(options.writeAhead, 'writeAhead', ['item', 'exit'] as const, 'item'),
    budgetMillis: count(exit.budgetMillis, 'exit.budgetMillis', 3_000, 0),
    signals: signals(exit.signals),
    onDrop: callback(options.onDrop, 'onDrop'),
  };
}

function refuse(name: string, wanted: string, got: unknown, kind = RangeError): never {
  const shown = typeof got === 'string' ? JSON.stringify(got) : String(got);
  throw new kind(`telemetry-flush-guard: ${name} must be ${wanted}, got ${shown}`);
}

function section<Options extends object>(value: Options | undefined, name: keyof typeof KNOWN): Partial<Options> {
  if (value === undefined) return {};
  if (typeof value !== 'object' || (value as unknown) === null) refuse(name || 'options', 'an object', value, TypeError);
  const known: readonly string[] = KNOWN[name];
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    throw new RangeError(
      `telemetry-flush-guard: unknown option ${name === '' ? key : `${name}.${key}`}; there are ${known.join(', ')}`,
    );
  }
  return value;
}

function text(value: string | undefined, name: string): string | undefined {
  if (value !== undefined && (typeof value !== 'string' || value === '')) refuse(name, 'a path', value, TypeError);
  return value;
}

function count(value: number | undefined, name: string, standard: number, least: number): number {
  if (value === undefined) return standard;
  if (!Number.isSafeInteger(value) || value < least) refuse(name, `a whole number, at least ${least}`, value);
  return value;
}

function choice<const Value extends string>(
  value: Value | undefined,
  name: string,
  values: readonly Value[],
  standard: Value,
): Value {
  if (value === undefined) return standard;
  if (!values.includes(value)) refuse(name, `one of ${values.join(', ')}`, value);
  return value;
}

function signals(value: readonly string[] | undefined): NodeJS.Signals[] {
  if (value === undefined) return ['SIGTERM', 'SIGINT', 'SIGHUP'];
  if (!Array.isArray(value)) refuse('exit.signals', 'a list of signals', value, TypeError);
  for (const signal of value) if (!SIGNALS.includes(signal)) refuse('exit.signals', `of ${SIGNALS.join(', ')}`, signal);
  return [...value] as NodeJS.Signals[];
}

function callback(value: ((drop: Drop) => void) | undefined, name: string): (drop: Drop) => void {
  if (value === undefined) return () => {};
  if (typeof value !== 'function') refuse(name, 'a function', value, TypeError);
  return drop => {
    try {
      value(drop);
    } catch {
      // A fault of the host's, in its own function. It is not to become one of whatever was being sent.
    }
  };
}
