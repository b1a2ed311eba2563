import { OTLPMetricExporter as JsonMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  AggregationTemporality,
  AggregationType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { expect } from 'chai';
import { OtlpIngestServer } from 'test-helpers/otlp-ingest-server';
import { decodeOtlpRequest } from 'test-helpers/otlp-protobuf';
import { readOtlpRequest } from 'test-helpers/otlp-requests';
import type { ReadPoint } from 'test-helpers/otlp-requests';
import { EXPORTERS } from './otlp-exporters.js';

interface AnyExporter {
  export(items: unknown, callback: (result: { code: number; error?: Error }) => void): void;
}

/** As an application sends: 0 is success. */
async function exported(exporter: object, items: unknown): Promise<number> {
  return new Promise(resolve => {
    (exporter as AnyExporter).export(items, ({ code }) => {
      resolve(code);
    });
  });
}

const [TRACES] = EXPORTERS;
const body = Buffer.from(TRACES!.serializer.serializeRequest(TRACES!.items as never)!);

describe('the endpoint of the tests of faults', () => {
  let server: OtlpIngestServer;
  beforeEach(async () => (server = await OtlpIngestServer.start()));
  afterEach(() => {
    server.close();
  });

  const post = (
    path = '/v1/traces',
    headers: Record<string, string> = { 'content-type': 'application/json' },
    signal?: AbortSignal,
  ): Promise<Response> =>
    fetch(server.endpoint + path, { method: 'POST', headers, body, signal: signal ?? null });

  it('knows what it was sent, in both formats', async () => {
    for (const { make, items, signal } of EXPORTERS)
      expect(await exported(make({ url: `${server.endpoint}/v1/${signal}` }), items)).to.equal(0);
    for (const counts of [server.received.spans, server.received.logs])
      expect([...counts]).to.deep.equal([
        ['first', 2],
        ['second', 2],
        ['third', 2],
      ]);
    expect(server.log.map(({ path, answered }) => `${path} ${answered}`)).to.deep.equal([
      '/v1/traces 200',
      '/v1/traces 200',
      '/v1/logs 200',
      '/v1/logs 200',
    ]);
    for (const { atMillis, headers, bytes } of server.log) {
      expect(atMillis).to.be.within(0, performance.now());
      expect(headers['user-agent']).to.match(/^OTel-OTLP-Exporter-JavaScript/);
      expect(bytes).to.be.above(100);
    }
  });

  it('reads times, attributes and values of spans and log records, alike in both formats', () => {
    const spans = new InMemorySpanExporter();
    const attributes = { text: 'ä', whole: -7, part: 0.5, yes: true, list: ['a', 'b'] };
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
      .getTracer('a tracer')
      .startSpan('a span', { attributes, startTime: [1_700_000_000, 1] })
      .end([1_700_000_001, 999_999_999]);
    const logs = new InMemoryLogRecordExporter();
    const processors = [new SimpleLogRecordProcessor({ exporter: logs })];
    new LoggerProvider({ processors }).getLogger('a logger').emit({
      body: { a: [1, 'two'] },
      timestamp: [1_700_000_000, 123],
      observedTimestamp: [1_700_000_002, 0],
      attributes,
    });
    const items = { traces: spans.getFinishedSpans(), logs: logs.getFinishedLogRecords() };
    for (const { signal, format, serializer } of EXPORTERS) {
      const bytes = Buffer.from(serializer.serializeRequest(items[signal] as never)!);
      const expected =
        signal === 'traces'
          ? {
              name: 'a span',
              startNanos: 1_700_000_000_000_000_001n,
              endNanos: 1_700_000_001_999_999_999n,
              attributes,
            }
          : {
              body: '{"a":[1,"two"]}',
              timeNanos: 1_700_000_000_000_000_123n,
              observedNanos: 1_700_000_002_000_000_000n,
              attributes,
            };
      const [read] = readOtlpRequest(bytes, signal, format);
      expect(read!.item, `${signal} as ${format}`).to.deep.equal(expected);
    }
  });

  it('reads the points of metrics of every kind, alike in both formats', async () => {
    const metrics = await everyKindOfMetric();
    for (const Exporter of [JsonMetricExporter, ProtobufMetricExporter]) {
      server.received.metrics.length = 0;
      const exporter = new Exporter({ url: `${server.endpoint}/v1/metrics` });
      expect(await exported(exporter, metrics)).to.equal(0);
      await exporter.shutdown();
      const [first] = metrics.scopeMetrics[0]!.metrics[0]!.dataPoints;
      const nanos = ([seconds, rest]: [number, number]): bigint =>
        BigInt(seconds) * 1_000_000_000n + BigInt(rest);
      const { startNanos, endNanos } = server.received.metrics[0]!;
      expect([startNanos, endNanos]).to.deep.equal([nanos(first!.startTime), nanos(first!.endTime)]);
      expect(server.received.metrics.map(withoutTimes)).to.deep.equal([
        {
          name: 'took',
          kind: 'histogram',
          temporality: 'delta',
          attributes: {},
          value: { count: 3, sum: 23, min: 1, max: 20, bounds: [5, 10], counts: [2, 0, 1] },
        },
        {
          name: 'grew',
          kind: 'exponential histogram',
          temporality: 'delta',
          attributes: {},
          value: {
            count: 3,
            sum: 6,
            min: 0,
            max: 4,
            scale: 2,
            zeroCount: 1,
            positive: { offset: 3, counts: [1, 0, 0, 0, 1] },
            negative: { offset: 0, counts: [] },
          },
        },
        { name: 'bought', kind: 'sum', temporality: 'delta', attributes: { of: 'a' }, value: 3 },
        { name: 'bought', kind: 'sum', temporality: 'delta', attributes: { of: 'b' }, value: 0.5 },
        { name: 'held', kind: 'gauge', temporality: undefined, attributes: {}, value: -2.5 },
      ]);
    }
  });

  it('says what is no request', async () => {
    expect((await post('/elsewhere')).status).to.equal(404);
    expect((await post('/v1/traces', { 'content-type': 'text/plain' })).status).to.equal(415);
    expect((await post('/v1/traces', { 'content-type': 'application/x-protobuf' })).status).to.equal(400);
    const gzip = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await post('/v1/traces', gzip)).status).to.equal(400);
    expect(server.received.spans.size).to.equal(0);
    expect(() => decodeOtlpRequest(Buffer.from([0x0a, 5, 1]), 'traces')).to.throw(RangeError, 'cut off');
    expect((await post('/v1/traces', { 'content-type': 'application/json; charset=utf-8' })).status).to.equal(
      200,
    );
  });

  it('takes nothing when it says that it does not', async () => {
    server.maximumBytes = body.length - 1;
    server.refused.add('third');
    const statuses = {
      error: 500,
      unauthorized: 401,
      unavailable: 503,
      'too many': 429,
      'too large': 413,
      refusing: 400,
    } as const;
    for (const [mood, status] of Object.entries(statuses)) {
      server.mood = mood as keyof typeof statuses;
      const response = await post();
      expect(response.status, mood).to.equal(status);
      expect(response.headers.get('retry-after')).to.equal([429, 503].includes(status) ? '30' : null);
      expect(await response.json()).to.have.property('message');
      expect(server.log.at(-1)).to.deep.include({ answered: status, items: ['first', 'second', 'third'] });
    }
    expect(server.received.spans.size).to.equal(0);
    server.retryAfter = undefined;
    server.mood = 'too many';
    expect((await post()).headers.get('retry-after')).to.equal(null);
  });

  it('takes what is small enough, and what it has no fault to find with', async () => {
    server.mood = 'too large';
    server.maximumBytes = body.length;
    expect((await post()).status).to.equal(200);
    server.mood = 'refusing';
    server.refused.add('another');
    expect((await post()).status).to.equal(200);
    expect(server.received.spans.get('first')).to.equal(2);
  });

  it('takes a part, and says so in the format that it was asked in', async () => {
    server.mood = 'partial';
    server.rejects = 2;
    for (const { make, items, signal, serializer } of EXPORTERS) {
      const url = `${server.endpoint}/v1/${signal}`;
      expect(await exported(make({ url }), items)).to.equal(0);
      const contentType = server.log.at(-1)!.headers['content-type']!;
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body: Buffer.from(serializer.serializeRequest(items as never)!),
      });
      expect(response.headers.get('content-type')).to.equal(contentType);
      const { partialSuccess } = serializer.deserializeResponse(Buffer.from(await response.arrayBuffer()));
      const { rejectedSpans, rejectedLogRecords, errorMessage } = partialSuccess!;
      expect(Number(rejectedSpans ?? rejectedLogRecords)).to.equal(2);
      expect(errorMessage).to.equal('not these');
    }
    for (const name of ['spans', 'logs'] as const) {
      expect([...server.received[name]]).to.deep.equal([['third', 4]]);
      expect([...server.rejected[name]]).to.deep.equal([
        ['first', 4],
        ['second', 4],
      ]);
    }
  });

  it('takes it and does not say so', async () => {
    server.mood = 'reset after';
    expect(await causeOf(post())).to.match(/ECONNRESET|other side closed/);
    expect(server.received.spans.get('first')).to.equal(1);
    server.mood = 'slow';
    server.slowMillis = 20;
    expect((await post()).status).to.equal(200);
    expect(server.received.spans.get('first')).to.equal(2);
  });

  it('does not take it and does not say so', async () => {
    server.mood = 'reset';
    expect(await causeOf(post())).to.match(/ECONNRESET|other side closed|EPIPE/);
    expect(server.log[0]).to.include({ answered: 'reset' });
    server.mood = 'never';
    expect(await causeOf(post(undefined, undefined, AbortSignal.timeout(100)))).to.match(/timeout/);
    expect(server.log[1]).to.deep.include({ answered: undefined, items: ['first', 'second', 'third'] });
    expect(server.received.spans.size).to.equal(0);
  });

  it('does not even read, over whatever connection', async () => {
    const url = `${server.endpoint}/v1/traces`;
    const exporter = new OTLPTraceExporter({ url, timeoutMillis: 100 });
    expect(await exported(exporter, TRACES!.items)).to.equal(0);
    expect(server.connections).to.equal(1);
    server.mood = 'black hole';
    expect(await exported(exporter, TRACES!.items)).to.equal(1);
    expect(server.requests).to.equal(1);
    server.mood = 'up';
    expect(await exported(exporter, TRACES!.items)).to.equal(0);
    expect(server.received.spans.get('first')).to.equal(2);
  });
});

/** In words. */
async function causeOf(failing: Promise<unknown>): Promise<string> {
  const error = await failing.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown as Error,
  );
  return `${error.message} ${String(error.cause)} ${String((error.cause as { code?: string } | undefined)?.code)}`;
}

async function everyKindOfMetric(): Promise<ResourceMetrics> {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({
    readers: [reader],
    views: [
      {
        instrumentName: 'took',
        aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [5, 10] } },
      },
      {
        instrumentName: 'grew',
        aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 8 } },
      },
    ],
  });
  const meter = provider.getMeter('a meter');
  const bought = meter.createCounter('bought');
  bought.add(3, { of: 'a' });
  bought.add(0.5, { of: 'b' });
  meter.createGauge('held').record(-2.5);
  const took = meter.createHistogram('took');
  for (const value of [1, 2, 20]) took.record(value);
  const grew = meter.createHistogram('grew');
  for (const value of [0, 2, 4]) grew.record(value);
  await reader.forceFlush();
  const [metrics] = exporter.getMetrics();
  await provider.shutdown();
  return metrics!;
}

function withoutTimes({ startNanos, endNanos, ...point }: ReadPoint): object {
  expect(startNanos <= endNanos).to.equal(true);
  return point;
}
