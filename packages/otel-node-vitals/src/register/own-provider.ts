import { promClientViews } from '../prom-client-views.js';
import type { ModuleFinder } from './application-modules.js';
import { guardedReader } from './guarded-reader.js';
import type { GuardedReader } from './guarded-reader.js';
import type { Notices } from './notices.js';
import { findSdkParts, packageOf } from './sdk-parts.js';
import type {
  OtlpModule,
  PrometheusModule,
  PrometheusReader,
  PushExporter,
  Reader,
  ResourcesModule,
  SdkMeterProvider,
  SdkParts,
} from './sdk-parts.js';
import type { RegisterSettings } from './settings.js';
import { wordsOf } from './thrown.js';

/** A meter provider of our own. */
export interface OwnProvider {
  readonly provider: SdkMeterProvider;
  /** What answers a scrape, if one of the exporters is Prometheus. */
  readonly prometheus: PrometheusReader | undefined;
  /** Ends it and all that belongs to it, for good. Rejects if it does not end well. */
  shutdown(): Promise<void>;
}

/**
 * Sets up the exporters that the environment asks for, with the application's SDK. What is not installed is said, with
 * the command that installs it, and left out.
 *
 * Not registered as the global provider: the API takes one only, and an application that registers its own later
 * would be refused.
 *
 * @returns `undefined` if nothing could be set up
 */
export function makeOwnProvider(
  settings: RegisterSettings,
  application: ModuleFinder,
  notices: Notices,
): OwnProvider | undefined {
  const missing: string[] = [];
  const readers: Reader[] = [];
  let prometheus: PrometheusReader | undefined;
  let guarded: GuardedReader | undefined;
  let sdk: SdkParts | undefined;
  for (const exporter of settings.exporters) {
    const packageName = packageOf(exporter, settings.otlpProtocol);
    try {
      const parts = findSdkParts(packageName, application);
      if (parts === undefined) {
        missing.push(packageName);
        continue;
      }
      if (exporter === 'prometheus') readers.push((prometheus = prometheusReader(parts)));
      else if (exporter === 'console') {
        readers.push(periodicReader(new parts.metrics.ConsoleMetricExporter(), parts, settings));
      } else {
        const pushed = otlpExporter(parts, settings);
        guarded = settings.flushGuard ? guardedReader(pushed, settings, notices) : undefined;
        readers.push(guarded?.reader ?? periodicReader(pushed, parts, settings));
      }
      sdk ??= parts;
    } catch (thrown) {
      notices.warn(`${packageName} could not be used: ${wordsOf(thrown)}`);
    }
  }
  if (missing.length > 0) {
    notices.warn(
      `no metrics are exported by ${missing.join(' and ')}, which is not installed: npm install ${missing.join(' ')}`,
    );
  }
  if (sdk === undefined) return undefined;
  const pushes = settings.exporters.some(exporter => exporter !== 'prometheus');
  try {
    const provider = new sdk.metrics.MeterProvider({
      resource: resourceOf(sdk.resources, pushes),
      readers,
      ...(settings.promClientNames ? { views: promClientViews({ keepOwnNames: true }) } : {}),
    });
    return {
      provider,
      prometheus,
      shutdown: async () => {
        try {
          await provider.shutdown();
        } finally {
          // Last: until then it sees to what is not sent yet.
          await guarded?.shutdown();
        }
      },
    };
  } catch (thrown) {
    notices.warn(`no metrics are exported: ${wordsOf(thrown)}`);
    guarded?.shutdown().catch(() => {});
    return undefined;
  }
}

function prometheusReader({ exporter }: SdkParts): PrometheusReader {
  const { PrometheusExporter } = exporter as PrometheusModule;
  return new PrometheusExporter({ preventServerStart: true });
}

/**
 * Endpoint, headers, certificates, compression, temporality: the exporter reads OTEL_EXPORTER_OTLP_* itself. What it tries must be over
 * before the next interval, whose timer else finds the process alive and tries again, without end.
 */
function otlpExporter({ exporter }: SdkParts, { otlpTimeoutMillis }: RegisterSettings): PushExporter {
  const { OTLPMetricExporter } = exporter as OtlpModule;
  return new OTLPMetricExporter({ timeoutMillis: otlpTimeoutMillis });
}

function periodicReader(
  exporter: PushExporter,
  { metrics: { PeriodicExportingMetricReader } }: SdkParts,
  { exportIntervalMillis, exportTimeoutMillis }: RegisterSettings,
): Reader {
  return new PeriodicExportingMetricReader({ exporter, exportIntervalMillis, exportTimeoutMillis });
}

/**
 * OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, and where metrics are pushed an id of this process: children and cluster
 * workers have the same environment, and a back end would take their series for one. A scrape has its `instance`.
 */
function resourceOf(
  resources: ResourcesModule,
  pushes: boolean,
): ReturnType<ResourcesModule['defaultResource']> {
  const detectors =
    pushes && resources.serviceInstanceIdDetector !== undefined
      ? [resources.serviceInstanceIdDetector, resources.envDetector]
      : [resources.envDetector];
  return resources.defaultResource().merge(resources.detectResources({ detectors }));
}
