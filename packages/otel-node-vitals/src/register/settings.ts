import type { VitalsOptions } from '../options.js';
import { flagOf, numberOf, textOf, wordOf } from './environment.js';
import type { Environment, OnProblem } from './environment.js';

/** Where metrics can go. */
export type ExporterName = 'prometheus' | 'otlp' | 'console';

/** How OTLP is sent. */
export type OtlpProtocol = 'grpc' | 'http/protobuf' | 'http/json';

/** What the environment says about registration; every variable is read in this file or by the SDK. */
export interface RegisterSettings {
  readonly vitals: VitalsOptions;
  /** Whether our own exporter gives prom-client's names as well. */
  readonly promClientNames: boolean;
  /** What to set up if the application has no meter provider; none: only join one. */
  readonly exporters: readonly ExporterName[];
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
  readonly whenPortIsBusy: 'next' | 'none';
  readonly otlpProtocol: OtlpProtocol;
  /** For one push with its retries; always less than the interval. */
  readonly otlpTimeoutMillis: number;
  readonly exportIntervalMillis: number;
  readonly exportTimeoutMillis: number;
  /** Whether what is pushed by OTLP goes through a flush guard. */
  readonly flushGuard: boolean;
  /** Where that keeps what is not sent; `undefined`: where it does by default. */
  readonly flushGuardDir: string | undefined;
  readonly serviceName: string | undefined;
}

const LONGEST_MILLIS = 86_400_000;
const EXPORTERS = ['prometheus', 'otlp', 'console'] as const;
const PROTOCOLS = ['grpc', 'http/protobuf', 'http/json'] as const;

/** Reads the environment. Never throws: what makes no sense is told to `onProblem`, once, by its name. */
export function readSettings(environment: Environment, onProblem: OnProblem): RegisterSettings {
  const isLightweight = flagOf(environment, 'LIGHTWEIGHT_MONITORING', false, onProblem);
  const promClientNames = flagOf(environment, 'OTEL_NODE_VITALS_PROM_CLIENT_NAMES', false, onProblem);
  const exportIntervalMillis = numberOf(
    environment,
    'OTEL_METRIC_EXPORT_INTERVAL',
    { standard: 60_000, least: 1, most: LONGEST_MILLIS },
    onProblem,
  );
  const exportTimeoutMillis = numberOf(
    environment,
    'OTEL_METRIC_EXPORT_TIMEOUT',
    { standard: 30_000, least: 1, most: LONGEST_MILLIS },
    onProblem,
  );
  const otlpTimeoutMillis = numberOf(
    environment,
    otlpVariable(environment, 'TIMEOUT'),
    { standard: 10_000, least: 1, most: LONGEST_MILLIS },
    onProblem,
  );
  return {
    vitals: { promClientNames, ...(isLightweight ? LIGHTWEIGHT : {}) },
    promClientNames,
    exporters: exportersOf(environment, onProblem),
    host: textOf(environment, 'OTEL_EXPORTER_PROMETHEUS_HOST') ?? '127.0.0.1',
    port: numberOf(
      environment,
      'OTEL_EXPORTER_PROMETHEUS_PORT',
      { standard: 9464, least: 0, most: 65_535 },
      onProblem,
    ),
    whenPortIsBusy: wordOf(environment, 'OTEL_NODE_VITALS_PORT_BUSY', ['next', 'none'], 'next', onProblem),
    otlpProtocol: wordOf(
      environment,
      otlpVariable(environment, 'PROTOCOL'),
      PROTOCOLS,
      'http/protobuf',
      onProblem,
    ),
    otlpTimeoutMillis: Math.min(otlpTimeoutMillis, exportIntervalMillis / 2),
    exportIntervalMillis,
    // The SDK refuses a timeout that is longer than the interval.
    exportTimeoutMillis: Math.min(exportTimeoutMillis, exportIntervalMillis),
    flushGuard: flagOf(environment, 'OTEL_NODE_VITALS_FLUSH_GUARD', true, onProblem),
    flushGuardDir: textOf(environment, 'OTEL_FLUSH_GUARD_DIR'),
    serviceName: serviceNameOf(environment),
  };
}

/** The variable that holds: what is said of metrics goes before what is said of all signals. */
function otlpVariable(environment: Environment, name: string): string {
  const ofMetrics = `OTEL_EXPORTER_OTLP_METRICS_${name}`;
  return textOf(environment, ofMetrics) === undefined ? `OTEL_EXPORTER_OTLP_${name}` : ofMetrics;
}

/** A long interval, no `v8.GCProfiler`, no scan of descriptors by kind. */
const LIGHTWEIGHT: VitalsOptions = {
  sampleIntervalMillis: 30_000,
  gc: { heapEffects: false },
  fd: { byKindIntervalMillis: 0 },
};

function exportersOf(environment: Environment, onProblem: OnProblem): ExporterName[] {
  const text = textOf(environment, 'OTEL_METRICS_EXPORTER') ?? 'prometheus';
  const names = new Set(
    text
      .split(',')
      .map(name => name.trim().toLowerCase())
      .filter(name => name !== ''),
  );
  if (names.has('none')) return [];
  return [...names].flatMap(name => {
    const known = EXPORTERS.find(candidate => candidate === name);
    if (known !== undefined) return [known];
    onProblem(
      `OTEL_METRICS_EXPORTER must name ${EXPORTERS.join(', ')} or none, got ${JSON.stringify(name.slice(0, 80))}; it is left out`,
    );
    return [];
  });
}

/** For the title of the page; the resource itself is the SDK's to read. */
function serviceNameOf(environment: Environment): string | undefined {
  const named = textOf(environment, 'OTEL_SERVICE_NAME');
  if (named !== undefined) return named;
  const pair = /(?:^|,)\s*service\.name\s*=([^,]*)/.exec(environment['OTEL_RESOURCE_ATTRIBUTES'] ?? '');
  try {
    const name = decodeURIComponent(pair?.[1]?.trim() ?? '');
    return name === '' ? undefined : name;
  } catch {
    return undefined;
  }
}
