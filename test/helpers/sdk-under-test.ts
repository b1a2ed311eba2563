import type { MeterProvider } from '@opentelemetry/api';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CollectedMetrics } from './sdk-metrics.js';

/** A metric reader of any SDK. */
export interface ReaderUnderTest {
  collect(): Promise<{ readonly resourceMetrics: CollectedMetrics; readonly errors: readonly unknown[] }>;
}

/** What has been set up with an SDK, and how to end it. */
export interface RunningSdk {
  /** The Prometheus exporter and a periodic reader. */
  readonly readers: readonly [ReaderUnderTest, ReaderUnderTest];
  /** Answers a scrape. */
  readonly scrape: (request: IncomingMessage, response: ServerResponse) => void;
  readonly shutdown: () => Promise<void>;
}

/**
 * One line of the OpenTelemetry SDK, with whatever instrumentation a test has. The provider is typed by the SDK: one
 * whose types are of API 1.9 is not assignable where API 1.10 is asked for.
 */
export interface SdkUnderTest<Instrumentation, Provider extends MeterProvider = MeterProvider> {
  /** A `MeterProvider` with two readers. */
  startProvider(): RunningSdk & { readonly provider: Provider };
  /** A `NodeSDK` with two readers, started, with nothing that sends. */
  startNodeSdk(instrumentations: Instrumentation[]): RunningSdk;
  /** `registerInstrumentations`; returns its undo. */
  register(instrumentations: Instrumentation[], provider: Provider): () => void;
}

const API_KEY = Symbol.for('opentelemetry.js.api.1');

/**
 * Puts what @opentelemetry/api keeps for the whole process aside, so that another version of it can register there (it
 * refuses beside a different one). Returns what puts it back.
 */
export function setApiStateAside(): () => void {
  const holder = globalThis as { [API_KEY]?: unknown };
  const before = holder[API_KEY];
  holder[API_KEY] = undefined;
  return () => {
    holder[API_KEY] = before;
  };
}
