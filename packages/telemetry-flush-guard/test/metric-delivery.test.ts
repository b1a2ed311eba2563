import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OtlpIngestServer } from 'test-helpers/otlp-ingest-server';
import { createFlushGuard } from '../src/index.js';
import type { FlushGuard, LaneStats } from '../src/index.js';

const EXPORTERS = { JSON: JsonExporter, protobuf: ProtobufExporter } as const;

describe('a guard with metrics', () => {
  let server: OtlpIngestServer;
  let dir: string;
  let guard: FlushGuard;

  beforeEach(async () => {
    server = await OtlpIngestServer.start();
    dir = mkdtempSync(join(tmpdir(), 'metric-delivery-'));
    guard = createFlushGuard({
      dir,
      exit: { budgetMillis: 1_000 },
      retry: { firstMillis: 1, longestMillis: 10 },
    });
  });
  afterEach(async () => {
    server.mood = 'up';
    await guard.shutdown();
    server.close();
    rmSync(dir, { recursive: true });
  });

  const exporterOf = (format: keyof typeof EXPORTERS): PushMetricExporter =>
    new EXPORTERS[format]({
      url: `${server.endpoint}/v1/metrics`,
      temporalityPreference: AggregationTemporality.DELTA as never,
    });
  const stats = (): LaneStats => guard.stats()['metrics']!;
  const valuesOf = (name: string): unknown[] =>
    server.received.metrics.filter(point => point.name === name).map(({ value }) => value);

  for (const format of ['JSON', 'protobuf'] as const) {
    it(`sends checkpoints put together, as ${format}: one point of what was counted in all of them`, async () => {
      const reader = guard.metricReader(exporterOf(format));
      const counter = new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('orders');
      for (const more of [3, 4, 5]) {
        counter.add(more);
        await reader.collect();
      }
      expect(stats()).to.deep.include({ accepted: 3, delivered: 0, pendingInMemory: 0, pendingOnDisk: 3 });
      counter.add(30);
      await guard.flush();
      expect(valuesOf('orders')).to.deep.equal([42]);
      expect(stats()).to.deep.include({ accepted: 4, delivered: 4, pendingOnDisk: 0 });
      expect(server.requests).to.equal(1);
    });

    it(`counts points that are rejected, as ${format}, and leaves an endpoint alone that asks for it`, async () => {
      server.mood = 'partial';
      server.rejects = 1;
      const reader = guard.metricReader(exporterOf(format));
      const meter = new MeterProvider({ readers: [reader] }).getMeter('m');
      for (const name of ['a', 'b', 'c']) meter.createCounter(name).add(1);
      await guard.flush();
      expect(stats()).to.deep.include({ delivered: 2, dropped: { rejected: 1 }, pendingOnDisk: 0 });
      server.mood = 'unavailable';
      server.retryAfter = '60';
      meter.createCounter('d').add(1);
      await guard.flush();
      const { requests } = server;
      await guard.flush();
      expect(server.requests).to.equal(requests);
      expect(stats()).to.deep.include({ delivered: 2, pendingInMemory: 0 });
      expect(stats().pendingOnDisk).to.be.above(0);
    });
  }

  it('reads the last values when it is released, though nobody waits any more', () => {
    const reader = guard.metricReader(exporterOf('JSON'));
    const meter = new MeterProvider({ readers: [reader] }).getMeter('m');
    meter.createCounter('orders').add(7);
    meter.createObservableGauge('observed').addCallback(async result => {
      await Promise.resolve();
      result.observe(1);
    });
    guard.release();
    expect(stats()).to.deep.include({ accepted: 2, dropped: { uncollected: 1 }, pendingOnDisk: 1 });
  });

  it('refuses an option that cannot be, by its name', () => {
    expect(() =>
      guard.metricReader(exporterOf('JSON'), {
        checkpointIntervalMillis: 90_000,
        exportIntervalMillis: 60_000,
      }),
    ).to.throw(RangeError, 'checkpointIntervalMillis');
  });

  it('takes what a reader that stays exports: each export stays one', async () => {
    server.mood = 'error';
    const wrapped = guard.wrapMetricExporter(exporterOf('protobuf'));
    const reader = new PeriodicExportingMetricReader({
      exporter: wrapped,
      exportIntervalMillis: 60_000,
    });
    const provider = new MeterProvider({ readers: [reader] });
    const counter = provider.getMeter('m').createCounter('orders');
    for (const more of [1, 2]) {
      counter.add(more);
      await reader.forceFlush();
    }
    expect(stats()).to.deep.include({ accepted: 2, delivered: 0, pendingOnDisk: 2 });
    server.mood = 'up';
    await guard.flush();
    expect(valuesOf('orders')).to.deep.equal([1, 2]);
    await provider.shutdown();
  });

  it('hands an exporter of another kind what the SDK would have', async () => {
    const memory = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = guard.metricReader(memory);
    const counter = new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('orders');
    for (const more of [3, 4]) {
      counter.add(more);
      await reader.collect();
    }
    await guard.flush();
    const points = memory
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
      .flatMap(({ dataPoints }) => dataPoints.map(({ value }) => value));
    expect(points).to.deep.equal([7]);
  });
});
