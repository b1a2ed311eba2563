import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Azure from '@azure/monitor-opentelemetry-exporter';
import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect } from 'chai';
import type { FlushGuard } from 'telemetry-flush-guard';
import { guardCodecs } from 'test-helpers/guard-codecs';
import { realLogs, realSpans } from 'test-helpers/real-telemetry';
import { SAMPLE_BODIES, SAMPLE_LOGS, SAMPLE_SPANS } from 'test-helpers/telemetry-samples';
import { BreezeServer } from './breeze-server.js';
import type { Envelope } from './breeze-server.js';

const PACKAGE = '@azure/monitor-opentelemetry-exporter';

const KEY = '00000000-0000-4000-8000-000000000001';

/** No statistics to Microsoft, and no proxy for what goes to this machine. The exporters read both when they are made. */
const ENVIRONMENT = { APPLICATION_INSIGHTS_NO_STATSBEAT: '1', NO_PROXY: '127.0.0.1' };

/** An exporter, which calls back with code 0 for success. */
interface Exporter<Item> {
  export(items: Item[], callback: (result: { code: number; error?: Error }) => void): unknown;
  shutdown(): Promise<void>;
}

/** That it compiles is the test. */
function takesExporters(
  guard: FlushGuard,
  traces: Azure.AzureMonitorTraceExporter,
  logs: Azure.AzureMonitorLogExporter,
): readonly [SpanProcessor, LogRecordProcessor] {
  return [guard.spanProcessor(traces), guard.logRecordProcessor(logs)];
}

describe('what telemetry-flush-guard reads back from disk, for Azure Monitor', () => {
  const disk = guardCodecs();
  const outer: Record<string, string | undefined> = {};
  const hosts = new Set<string>();
  const look = (message: unknown): void => {
    hosts.add((message as { request: { host: string } }).request.host);
  };
  let server: BreezeServer;
  let spanExporter: Exporter<ReadableSpan>;
  let logExporter: Exporter<ReadableLogRecord>;

  before(async () => {
    for (const [name, value] of Object.entries(ENVIRONMENT)) {
      outer[name] = process.env[name];
      process.env[name] = value;
    }
    subscribe('http.client.request.start', look);
    server = await BreezeServer.start();
    const { AzureMonitorLogExporter, AzureMonitorTraceExporter } = (await import(PACKAGE)) as typeof Azure;
    const options = {
      connectionString: `InstrumentationKey=${KEY};IngestionEndpoint=${server.endpoint}/`,
      // The exporters make https of the endpoint that a connection string names, but not of this one.
      host: server.endpoint,
      disableOfflineStorage: true,
      allowInsecureConnection: true,
      retryOptions: { maxRetries: 0 },
    };
    spanExporter = new AzureMonitorTraceExporter(options);
    logExporter = new AzureMonitorLogExporter(options);
  });

  after(async () => {
    await Promise.all([spanExporter.shutdown(), logExporter.shutdown()]);
    stopAskingForSettings();
    server.close();
    unsubscribe('http.client.request.start', look);
    for (const [name, value] of Object.entries(outer)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  async function envelopesOf<Item>(exporter: Exporter<Item>, items: Item[]): Promise<Envelope[]> {
    const { code, error } = await new Promise<{ code: number; error?: Error }>(resolve => {
      exporter.export(items, resolve);
    });
    expect(error).to.equal(undefined);
    expect(code).to.equal(0);
    const envelopes = server.take();
    // The one of the resource is stamped with the time at which it is sent.
    for (const envelope of envelopes) if (envelope.data.baseType === 'MetricData') envelope.time = '';
    return envelopes;
  }

  const typesOf = (envelopes: Envelope[]): string[] => envelopes.map(({ data }) => data.baseType);

  it('is, for spans and their events, the same envelopes', async () => {
    const spans = realSpans();
    const envelopes = await envelopesOf(spanExporter, spans);
    expect(await envelopesOf(spanExporter, disk.spans(spans))).to.deep.equal(envelopes);
    const events = spans.reduce((sum, span) => sum + span.events.length, 0);
    expect(envelopes).to.have.length(1 + SAMPLE_SPANS + events);
    expect(new Set(typesOf(envelopes))).to.deep.equal(
      new Set(['MetricData', 'RequestData', 'ExceptionData', 'MessageData', 'RemoteDependencyData']),
    );
  });

  it('is, for log records, the same envelopes', async () => {
    const logs = realLogs();
    const envelopes = await envelopesOf(logExporter, logs);
    expect(await envelopesOf(logExporter, disk.logs(logs))).to.deep.equal(envelopes);
    expect(envelopes).to.have.length(SAMPLE_LOGS);
    expect(typesOf(envelopes).slice(0, 5)).to.deep.equal([
      'MessageData',
      'MessageData',
      'ExceptionData',
      'EventData',
      'PageViewData',
    ]);
  });

  it('was made into envelopes that have something in them', async () => {
    const [, server] = await envelopesOf(spanExporter, realSpans());
    expect(server!.tags).to.include({
      'ai.cloud.role': 'shop',
      'ai.application.ver': '1.2',
      'ai.operation.parentId': 'b7ad6b7169203331',
    });
    expect(server!.data.baseData).to.include({ success: false });
    expect(server!.data.baseData['properties']).to.include({ texts: '["a","b"]' });
    const logs = await envelopesOf(logExporter, realLogs());
    const messages = logs.slice(5, 5 + SAMPLE_BODIES.length).map(({ data }) => data.baseData['message']);
    expect(messages).to.include.members(['a line', '1.5', '0,255', 'a buffer']);
    expect(messages.at(-1)).to.match(/RangeError: too far.*E_FAR/s);
  });

  it('reaches the exporters of Azure through processors, without a cast', () => {
    expect(takesExporters.length).to.equal(3);
  });

  it('was sent to this machine only', () => {
    expect([...hosts]).to.deep.equal(['127.0.0.1']);
    expect(new Set(server.requests)).to.deep.equal(new Set(['POST /v2.1/track']));
  });
});

/**
 * The exporters ask a server of Microsoft for settings, the first time five seconds after they are made and then every hour. No option
 * turns it off, and a shutdown does not end it.
 */
function stopAskingForSettings(): void {
  const load = createRequire(__filename);
  const path = join(dirname(load.resolve(PACKAGE)), '_configuration', 'configurationManager.js');
  const { ConfigurationManager } = load(path) as {
    ConfigurationManager: { getInstance(): { shutdown(): void } };
  };
  ConfigurationManager.getInstance().shutdown();
}
