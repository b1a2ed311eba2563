import type { MeterProvider } from '@opentelemetry/api';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { VitalsView } from '../prom-client-views.js';
import type { ModuleFinder } from './application-modules.js';
import type { ExporterName, OtlpProtocol } from './settings.js';

/*
 * The parts of the SDK that are used, as SDK 2.x and 3.x have them. Never imported by name: they are the application's.
 */

/** A metric reader; only passed on. */
export type Reader = object;

/** A push exporter of metrics; only passed on. */
export interface PushExporter {
  export(metrics: object, callback: (result: { code: number; error?: Error }) => void): void;
  shutdown(): Promise<void>;
}

/** The meter provider of the SDK. */
export interface SdkMeterProvider extends MeterProvider {
  shutdown(): Promise<void>;
}

interface SdkResource {
  merge(other: SdkResource): SdkResource;
}

/** `@opentelemetry/resources`. */
export interface ResourcesModule {
  defaultResource(): SdkResource;
  detectResources(config: { detectors: unknown[] }): SdkResource;
  readonly envDetector: unknown;
  readonly serviceInstanceIdDetector?: unknown;
}

/** `@opentelemetry/sdk-metrics`. */
export interface SdkMetricsModule {
  readonly MeterProvider: new (options: {
    resource: SdkResource;
    readers: Reader[];
    views?: VitalsView[];
  }) => SdkMeterProvider;
  readonly PeriodicExportingMetricReader: new (options: {
    exporter: PushExporter;
    exportIntervalMillis: number;
    exportTimeoutMillis: number;
  }) => Reader;
  readonly ConsoleMetricExporter: new () => PushExporter;
}

/** `PrometheusExporter` of `@opentelemetry/exporter-prometheus`. */
export interface PrometheusReader extends Reader {
  getMetricsRequestHandler(request: IncomingMessage, response: ServerResponse): void;
}

/** `@opentelemetry/exporter-prometheus`. */
export interface PrometheusModule {
  readonly PrometheusExporter: new (config: { preventServerStart: true }) => PrometheusReader;
}

/** Each `@opentelemetry/exporter-metrics-otlp-*`. */
export interface OtlpModule {
  readonly OTLPMetricExporter: new (config: { timeoutMillis: number }) => PushExporter;
}

const SDK_METRICS = '@opentelemetry/sdk-metrics';

/** The package that an exporter is in. */
export function packageOf(exporter: ExporterName, protocol: OtlpProtocol): string {
  if (exporter === 'prometheus') return '@opentelemetry/exporter-prometheus';
  if (exporter === 'console') return SDK_METRICS;
  const suffix = { grpc: 'grpc', 'http/protobuf': 'proto', 'http/json': 'http' }[protocol];
  return `@opentelemetry/exporter-metrics-otlp-${suffix}`;
}

/** An exporter's package with the SDK that it was made for. */
export interface SdkParts {
  readonly exporter: unknown;
  readonly metrics: SdkMetricsModule;
  readonly resources: ResourcesModule;
}

/**
 * An exporter's package and, from where that one is, the SDK that it depends on: an application may hold SDK 2.x and 3.x,
 * and a package manager that is strict lets only the exporter itself see them.
 *
 * @returns `undefined` if the exporter is not installed
 * @throws Error if the SDK that is found is not usable; what its modules throw
 */
export function findSdkParts(packageName: string, application: ModuleFinder): SdkParts | undefined {
  // NodeSDK brings every exporter along, hidden from the application by a strict package manager.
  const found =
    application.load(packageName) ??
    application.load('@opentelemetry/sdk-node')?.neighbours.load(packageName);
  if (found === undefined) return undefined;
  const sdk = packageName === SDK_METRICS ? found : found.neighbours.load(SDK_METRICS);
  const resources = sdk?.neighbours.load('@opentelemetry/resources');
  if (!isSdkMetrics(sdk?.exports) || !isResources(resources?.exports)) {
    throw new Error(`${packageName} is not of OpenTelemetry SDK 2.x or later`);
  }
  return { exporter: found.exports, metrics: sdk.exports, resources: resources.exports };
}

function isSdkMetrics(exports: unknown): exports is SdkMetricsModule {
  return hasFunctions(exports, ['MeterProvider', 'PeriodicExportingMetricReader', 'ConsoleMetricExporter']);
}

/** SDK 1.x has a class `Resource` in place of these. */
function isResources(exports: unknown): exports is ResourcesModule {
  return hasFunctions(exports, ['defaultResource', 'detectResources']);
}

function hasFunctions(exports: unknown, names: readonly string[]): boolean {
  return (
    typeof exports === 'object' &&
    exports !== null &&
    names.every(name => typeof (exports as Record<string, unknown>)[name] === 'function')
  );
}
