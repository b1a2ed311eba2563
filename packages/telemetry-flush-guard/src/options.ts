import { resolve } from 'node:path';
import type { MeterProvider } from '@opentelemetry/api';
import { dropListener } from './accounting/drop-listener.js';
import type { Drop } from './accounting/drop-listener.js';
import { callback, choice, choices, count, folder, objectWith, timerMillis } from './option-rules.js';
import { refusal, resolveOptions } from './resolve-options.js';

/** Bounds of what is kept. */
export interface GuardLimits {
  /** Items in memory, for each exporter. Default 8,192. */
  memoryItems?: number | undefined;
  /** Bytes in memory, for each exporter, by estimate. Default 32 MiB. */
  memoryBytes?: number | undefined;
  /** Bytes on disk, of this process and what it has taken over from dead ones. Default 256 MiB. */
  diskBytes?: number | undefined;
  /** What was accepted longer ago is not sent any more, in milliseconds. Default 7 days. */
  maxAgeMillis?: number | undefined;
}

/** Signals to flush at. */
export type GuardSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGQUIT' | 'SIGUSR2' | 'SIGBREAK';

/** What happens when the process ends. */
export interface GuardExit {
  /** How long a signal or the end of the loop may be held up for sending, in milliseconds. 0: not at all. Default 3,000. */
  budgetMillis?: number | undefined;
  /** Signals to flush at. Default SIGTERM, SIGINT, SIGHUP. */
  signals?: readonly GuardSignal[] | undefined;
}

/** When to try again what could not be sent. It is tried until it is older than `limits.maxAgeMillis`. */
export interface GuardRetry {
  /** Longest wait before the second attempt, in milliseconds; it doubles with each. Default 1,000. */
  firstMillis?: number | undefined;
  /** Longest wait between two attempts, in milliseconds. Default 60,000. */
  longestMillis?: number | undefined;
}

/** Options of `createFlushGuard`. All may be left out. */
export interface FlushGuardOptions {
  /** The folder of the spool. Default `$OTEL_FLUSH_GUARD_DIR`, else a folder for this service under that for temporary files. */
  dir?: string | undefined;
  limits?: GuardLimits | undefined;
  /** `item`: what is accepted is on disk. `exit`: it is written when sending fails, and at the end. Default `item`. */
  writeAhead?: 'item' | 'exit' | undefined;
  exit?: GuardExit | undefined;
  retry?: GuardRetry | undefined;
  /** What goes when a limit is reached: what has waited longest, or what comes. Default `drop-oldest`. */
  overflow?: 'drop-oldest' | 'drop-newest' | undefined;
  /** Told of everything that is not delivered, once. What it throws is reported, not passed on. */
  onDrop?: ((drop: Drop) => unknown) | undefined;
  /** Where the guard's own metrics go. Default: the global one, also if it is registered later. */
  meterProvider?: MeterProvider | undefined;
}

const MEBIBYTE = 1_048_576;

/** Defaults, checks and words of every option; the README table is made from it. */
export const optionRules = {
  dir: folder({
    description:
      'Folder of the spool. Else `$OTEL_FLUSH_GUARD_DIR`, else a folder for this service under that for temporary files, with a warning where that does not outlive the container.',
  }),
  'limits.memoryItems': count({
    default: 8_192,
    minimum: 1,
    description: 'Items in memory, for each exporter. What is on disk beyond that is read back later.',
  }),
  'limits.memoryBytes': count({
    default: 32 * MEBIBYTE,
    minimum: 65_536,
    type: 'number (bytes)',
    description: 'Bytes in memory, for each exporter, by estimate.',
  }),
  'limits.diskBytes': count({
    default: 256 * MEBIBYTE,
    minimum: MEBIBYTE,
    type: 'number (bytes)',
    description: 'Bytes on disk, of this process and what it has taken over from dead ones.',
  }),
  'limits.maxAgeMillis': count({
    default: 7 * 86_400_000,
    minimum: 1_000,
    type: 'number (ms)',
    description: 'What was accepted longer ago is dropped as `expired`, a segment of the spool at a time.',
  }),
  writeAhead: choice({
    values: ['item', 'exit'],
    default: 'item',
    description:
      '`"item"`: what is accepted is on disk. `"exit"`: it is written when sending fails, and at the end; a SIGKILL takes what was not.',
  }),
  'exit.budgetMillis': timerMillis({
    default: 3_000,
    minimum: 0,
    description:
      'How long a signal or the end of the loop is held up for sending; 0: not at all. What is not sent is on disk.',
  }),
  'exit.signals': choices({
    values: ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGBREAK'],
    default: ['SIGTERM', 'SIGINT', 'SIGHUP'],
    description: 'Signals to flush at.',
  }),
  'retry.firstMillis': timerMillis({
    default: 1_000,
    minimum: 1,
    description: 'Longest wait before the second attempt. It doubles with each; the wait itself is random.',
  }),
  'retry.longestMillis': timerMillis({
    default: 60_000,
    minimum: 1,
    description: 'Longest wait between two attempts. There are attempts until `limits.maxAgeMillis` is over.',
  }),
  overflow: choice({
    values: ['drop-oldest', 'drop-newest'],
    default: 'drop-oldest',
    description: 'What goes when a limit is reached: what has waited longest, or what comes.',
  }),
  onDrop: callback<(drop: Drop) => unknown>({
    type: '({ signal, count, reason }) => void',
    description: 'Told of everything that is not delivered, once.',
  }),
  meterProvider: objectWith<MeterProvider>('getMeter', {
    type: 'MeterProvider',
    description: "Where the guard's own metrics go. Else the global one, also if it is registered later.",
  }),
};

/** Options with every default filled in. */
export interface ResolvedGuardOptions {
  /** Absolute: the host may change its working directory. */
  readonly dir: string | undefined;
  readonly memoryItems: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly maxAgeMillis: number;
  readonly writeAhead: 'item' | 'exit';
  readonly budgetMillis: number;
  readonly signals: readonly GuardSignal[];
  readonly retryFirstMillis: number;
  readonly retryLongestMillis: number;
  readonly overflow: 'drop-oldest' | 'drop-newest';
  /** Never throws. */
  readonly onDrop: (drop: Drop) => void;
  readonly meterProvider: MeterProvider | undefined;
}

/** @throws TypeError or RangeError that names the option, what it must be and what it is */
export function resolveGuardOptions(options: FlushGuardOptions): ResolvedGuardOptions {
  const resolved = resolveOptions(optionRules, options);
  const retryFirstMillis = resolved['retry.firstMillis'];
  const retryLongestMillis = resolved['retry.longestMillis'];
  if (retryLongestMillis < retryFirstMillis) {
    throw new RangeError(
      refusal('retry.longestMillis', `at least retry.firstMillis (${retryFirstMillis})`, retryLongestMillis),
    );
  }
  return Object.freeze({
    dir: resolved.dir === undefined ? undefined : resolve(resolved.dir),
    memoryItems: resolved['limits.memoryItems'],
    memoryBytes: resolved['limits.memoryBytes'],
    diskBytes: resolved['limits.diskBytes'],
    maxAgeMillis: resolved['limits.maxAgeMillis'],
    writeAhead: resolved.writeAhead,
    budgetMillis: resolved['exit.budgetMillis'],
    signals: resolved['exit.signals'],
    retryFirstMillis,
    retryLongestMillis,
    overflow: resolved.overflow,
    onDrop: dropListener(resolved.onDrop),
    meterProvider: resolved.meterProvider,
  });
}
