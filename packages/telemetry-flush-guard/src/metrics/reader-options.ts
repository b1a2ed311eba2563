import { count, timerMillis } from '../option-rules.js';
import type { OptionRule } from '../option-rules.js';
import { refusal, resolveOptions } from '../resolve-options.js';

/** So many sets of attributes one instrument may have before the SDK puts the rest together. As the SDK's own readers have it. */
export interface CardinalityLimits {
  default?: number | undefined;
  counter?: number | undefined;
  gauge?: number | undefined;
  histogram?: number | undefined;
  upDownCounter?: number | undefined;
  observableCounter?: number | undefined;
  observableGauge?: number | undefined;
  observableUpDownCounter?: number | undefined;
}

/** Options of `guard.metricReader`. All may be left out. */
export interface MetricReaderOptions {
  /** How often metrics are collected and kept, in milliseconds: what a kill takes at most. Default 10,000. */
  checkpointIntervalMillis?: number | undefined;
  /** How often what has been collected is put together and sent, in milliseconds. Default 60,000. */
  exportIntervalMillis?: number | undefined;
  /** How long sending may take, in milliseconds. Default 30,000. */
  exportTimeoutMillis?: number | undefined;
  /** How long a callback of an observable instrument may take, in milliseconds. Default 10,000. */
  collectTimeoutMillis?: number | undefined;
  cardinalityLimits?: CardinalityLimits | undefined;
}

/** A limit of one kind of instrument, or none given. */
function limitOf(kind: string): OptionRule<number | undefined> {
  const description = `The same for ${kind}. Else \`cardinalityLimits.default\`.`;
  return { ...count({ default: 1, minimum: 1, description }), default: undefined };
}

/** Defaults, checks and words of every option. */
export const metricReaderRules = {
  checkpointIntervalMillis: timerMillis({
    default: 10_000,
    minimum: 100,
    description:
      'How often metrics are collected and kept: what a SIGKILL takes at most. At most `exportIntervalMillis`.',
  }),
  exportIntervalMillis: timerMillis({
    default: 60_000,
    minimum: 100,
    description: 'How often what has been collected is put together and sent.',
  }),
  exportTimeoutMillis: timerMillis({
    default: 30_000,
    minimum: 1,
    description: 'How long sending may take before it is tried again.',
  }),
  collectTimeoutMillis: timerMillis({
    default: 10_000,
    minimum: 1,
    description:
      'How long callbacks of observable instruments may take: the value of a slower one is missing.',
  }),
  'cardinalityLimits.default': count({
    default: 2_000,
    minimum: 1,
    description: 'Sets of attributes of one instrument, before the SDK puts the rest together.',
  }),
  'cardinalityLimits.counter': limitOf('counters'),
  'cardinalityLimits.gauge': limitOf('gauges'),
  'cardinalityLimits.histogram': limitOf('histograms'),
  'cardinalityLimits.upDownCounter': limitOf('up-down counters'),
  'cardinalityLimits.observableCounter': limitOf('observable counters'),
  'cardinalityLimits.observableGauge': limitOf('observable gauges'),
  'cardinalityLimits.observableUpDownCounter': limitOf('observable up-down counters'),
};

/** Options with every default filled in. */
export interface ResolvedReaderOptions {
  readonly checkpointIntervalMillis: number;
  readonly exportIntervalMillis: number;
  readonly exportTimeoutMillis: number;
  readonly collectTimeoutMillis: number;
  /** By the SDK's name of a kind of instrument. */
  readonly cardinalityLimitOf: (instrumentType: string) => number;
}

/** @throws TypeError or RangeError that names the option, what it must be and what it is */
export function resolveReaderOptions(options: MetricReaderOptions | undefined): ResolvedReaderOptions {
  const resolved = resolveOptions(metricReaderRules, options);
  const { exportIntervalMillis } = resolved;
  // Who only exports more often need not say that it is to be collected as often.
  const checkpointIntervalMillis =
    options?.checkpointIntervalMillis ?? Math.min(resolved.checkpointIntervalMillis, exportIntervalMillis);
  if (checkpointIntervalMillis > exportIntervalMillis) {
    throw new RangeError(
      refusal(
        'checkpointIntervalMillis',
        `at most exportIntervalMillis (${exportIntervalMillis})`,
        checkpointIntervalMillis,
      ),
    );
  }
  const limits = new Map<string, number | undefined>([
    ['COUNTER', resolved['cardinalityLimits.counter']],
    ['GAUGE', resolved['cardinalityLimits.gauge']],
    ['HISTOGRAM', resolved['cardinalityLimits.histogram']],
    ['UP_DOWN_COUNTER', resolved['cardinalityLimits.upDownCounter']],
    ['OBSERVABLE_COUNTER', resolved['cardinalityLimits.observableCounter']],
    ['OBSERVABLE_GAUGE', resolved['cardinalityLimits.observableGauge']],
    ['OBSERVABLE_UP_DOWN_COUNTER', resolved['cardinalityLimits.observableUpDownCounter']],
  ]);
  return Object.freeze({
    checkpointIntervalMillis,
    exportIntervalMillis,
    exportTimeoutMillis: resolved.exportTimeoutMillis,
    collectTimeoutMillis: resolved.collectTimeoutMillis,
    cardinalityLimitOf: (instrumentType: string) =>
      limits.get(instrumentType) ?? resolved['cardinalityLimits.default'],
  });
}
