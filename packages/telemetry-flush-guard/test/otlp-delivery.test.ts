import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { BasicTracerProvider, BatchSpanProcessor, InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { ExportResultCode } from '@opentelemetry/core';
import { expect } from 'chai';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { OtlpIngestServer, REFUSING_ENDPOINT } from 'test-helpers/otlp-ingest-server';
import { createFlushGuard } from '../src/index.js';
import type { Drop, FlushGuard, FlushGuardOptions, LaneStats } from '../src/index.js';
import { RecordType, readRecords } from '../src/spool/frame.js';

describe('a guard with an exporter of OTLP', () => {
  let server: OtlpIngestServer;
  let dir: string;
  let guards: FlushGuard[];
  let drops: Drop[];

  beforeEach(async () => {
    server = await OtlpIngestServer.start();
    dir = mkdtempSync(join(tmpdir(), 'otlp-delivery-'));
    guards = [];
    drops = [];
  });
  afterEach(async () => {
    server.mood = 'up';
    await Promise.all(guards.map(guard => guard.shutdown()));
    server.close();
    rmSync(dir, { recursive: true });
  });

  function guardOf(options: FlushGuardOptions = {}): FlushGuard {
    const guard = createFlushGuard({
      dir: join(dir, 'spool'),
      exit: { budgetMillis: 1_000 },
      retry: { firstMillis: 1, longestMillis: 10 },
      onDrop: drop => drops.push(drop),
      ...options,
    });
    guards.push(guard);
    return guard;
  }

  const spansOf = (...processors: SpanProcessor[]) => {
    const tracer = new BasicTracerProvider({ spanProcessors: processors }).getTracer('a-scope', '1');
    return (...names: string[]) => {
      for (const name of names) tracer.startSpan(name, { attributes: { 'is.test': true } }).end();
    };
  };
  const processorOf = (guard: FlushGuard, exporter: SpanExporter): SpanProcessor =>
    guard.spanProcessor(exporter);
  const toServer = (
    kind: typeof JsonExporter | typeof ProtobufExporter,
    endpoint = server.endpoint,
  ): SpanExporter => new kind({ url: `${endpoint}/v1/traces` });
  const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `span ${index}`);
  const once = (all: readonly string[]): Map<string, number> => new Map(all.map(name => [name, 1]));
  const stats = (guard: FlushGuard, lane = 'spans'): LaneStats => guard.stats()[lane]!;

  /** The formats of the items in all segments. */
  function formatsOnDisk(): Set<number> {
    const formats = new Set<number>();
    for (const path of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('.seg')) continue;
      for (const { type, code } of readRecords(readFileSync(join(dir, path))).records)
        if (type === RecordType.item) formats.add(code);
    }
    return formats;
  }

  for (const [format, kind, code] of [
    ['JSON', JsonExporter, 2],
    ['protobuf', ProtobufExporter, 1],
  ] as const) {
    it(`writes what it will send, as ${format}, and sends that`, async () => {
      const guard = guardOf();
      const emit = spansOf(processorOf(guard, toServer(kind)));
      emit(...names(600));
      expect(formatsOnDisk()).to.deep.equal(new Set([code]));
      await guard.flush();
      expect(server.received.spans).to.deep.equal(once(names(600)));
      expect(stats(guard)).to.deep.include({ accepted: 600, delivered: 600, dropped: {}, pendingOnDisk: 0 });
    });
  }

  it('leaves the objects to an exporter that somebody has changed, and to any other', async () => {
    class Filtering extends JsonExporter {
      override export(...[items, callback]: Parameters<JsonExporter['export']>): void {
        super.export(
          items.filter(({ name }) => name !== 'span 1'),
          callback,
        );
      }
    }
    const memory = new InMemorySpanExporter();
    const guard = guardOf();
    const emit = spansOf(
      processorOf(guard, new Filtering({ url: `${server.endpoint}/v1/traces` })),
      processorOf(guard, memory),
    );
    emit(...names(3));
    expect(formatsOnDisk()).to.deep.equal(new Set([0]));
    await guard.flush();
    expect(server.received.spans).to.deep.equal(once(['span 0', 'span 2']));
    expect(memory.getFinishedSpans().map(({ name }) => name)).to.deep.equal(names(3));
  });

  it('reads at the next start what was written for an exporter of another kind', async () => {
    class Failing extends InMemorySpanExporter {
      override export(...[, callback]: Parameters<InMemorySpanExporter['export']>): void {
        callback({ code: ExportResultCode.FAILED });
      }
    }
    const nowhere = [
      toServer(JsonExporter, REFUSING_ENDPOINT),
      toServer(ProtobufExporter, REFUSING_ENDPOINT),
      new Failing(),
    ];
    const somewhere = [
      () => toServer(JsonExporter),
      () => toServer(ProtobufExporter),
      () => new InMemorySpanExporter(),
    ];
    // Each leaves something behind, as a folder of a dead process, that the next two find in a format which is not theirs.
    for (const [index, from] of nowhere.entries()) {
      for (const [other, to] of somewhere.entries()) {
        const spool = join(dir, `spool-${index}-${other}`);
        server.received.spans.clear();
        const first = guardOf({ dir: spool });
        spansOf(processorOf(first, from))(...names(5));
        first.release();
        const [folder] = readdirSync(join(spool, 'v1'));
        // Nobody lives there any more, as far as anybody can tell.
        const owner = join(spool, 'v1', folder!, 'owner');
        writeFileSync(owner, readFileSync(owner, 'utf8').replace(/"startTime":"[^"]*"/, '"startTime":"1"'));
        const second = guardOf({ dir: spool });
        const exporter = to();
        spansOf(processorOf(second, exporter));
        for (let polls = 0; polls < 200 && stats(second).delivered < 5; polls += 1) {
          await wait(20);
          if (stats(second).inherited === 5) await second.flush();
        }
        expect(stats(second)).to.deep.include({ inherited: 5, delivered: 5, dropped: {} });
        if (exporter instanceof InMemorySpanExporter) {
          const came = exporter.getFinishedSpans();
          expect(came.map(({ name }) => name)).to.deep.equal(names(5));
          expect(came[0]!.attributes).to.deep.equal({ 'is.test': true });
        } else expect(server.received.spans).to.deep.equal(once(names(5)));
        await second.shutdown();
      }
    }
  }).timeout(20_000);

  it('counts what the endpoint says it has not taken, and says so', async () => {
    server.mood = 'partial';
    server.rejects = 3;
    const guard = guardOf();
    spansOf(processorOf(guard, toServer(ProtobufExporter)))(...names(10));
    await guard.flush();
    expect(server.received.spans.size).to.equal(7);
    expect(stats(guard)).to.deep.include({ delivered: 7, dropped: { rejected: 3 }, pendingOnDisk: 0 });
    expect(drops).to.deep.equal([{ signal: 'span', count: 3, reason: 'rejected' }]);
  });

  it('drops the one item that is refused, and delivers the others', async () => {
    server.mood = 'refusing';
    server.refused.add('span 77');
    const guard = guardOf();
    spansOf(processorOf(guard, toServer(JsonExporter)))(...names(200));
    await guard.flush();
    expect(server.received.spans).to.deep.equal(once(names(200).filter(name => name !== 'span 77')));
    expect(stats(guard)).to.deep.include({ delivered: 199, dropped: { rejected: 1 } });
  });

  it('sends less at once where that is too large, and drops what is too large alone', async () => {
    server.mood = 'too large';
    server.maximumBytes = 4_096;
    const guard = guardOf();
    const emit = spansOf(processorOf(guard, toServer(JsonExporter)));
    emit(...names(40), 'x'.repeat(9_000));
    await guard.flush({ timeoutMillis: 5_000 });
    expect(server.received.spans).to.deep.equal(once(names(40)));
    expect(stats(guard)).to.deep.include({ delivered: 40, dropped: { too_large: 1 } });
  });

  it('leaves an endpoint alone for as long as that asks, on both lanes, also when it ends; nothing waits for it', async () => {
    server.mood = 'unavailable';
    server.retryAfter = '30';
    const guard = guardOf();
    const logs = new LoggerProvider({
      processors: [guard.logRecordProcessor(new OTLPLogExporter({ url: `${server.endpoint}/v1/logs` }))],
    });
    const emit = spansOf(processorOf(guard, toServer(JsonExporter)));
    emit(...names(5));
    await guard.flush();
    expect(server.requests).to.equal(1);
    emit(...names(5));
    logs.getLogger('a').emit({ body: 'a log record' });
    const start = performance.now();
    await guard.flush({ timeoutMillis: 10_000 });
    await guard.shutdown();
    expect(performance.now() - start).to.be.below(9_000);
    expect(server.requests, 'neither spans nor logs').to.equal(1);
    expect(stats(guard)).to.deep.include({ delivered: 0, dropped: {}, pendingOnDisk: 10 });
    expect(stats(guard, 'logs')).to.deep.include({ delivered: 0, dropped: {}, pendingOnDisk: 1 });
  });

  it('tries again what may have been taken, and what the connection took', async () => {
    for (const mood of ['reset', 'reset after', 'error', 'unauthorized', 'too many'] as const) {
      server.mood = mood;
      server.retryAfter = '0';
      const guard = guardOf({ dir: join(dir, mood) });
      spansOf(processorOf(guard, toServer(ProtobufExporter)))(`in the mood ${mood}`);
      await guard.flush();
      expect(stats(guard), mood).to.deep.include({ delivered: 0, dropped: {}, pendingOnDisk: 1 });
      server.mood = 'up';
      await guard.flush();
      expect(stats(guard), mood).to.deep.include({ delivered: 1, dropped: {}, pendingOnDisk: 0 });
      // Twice where it was taken and nobody could learn of it.
      const twice = mood === 'reset after' ? 2 : 1;
      expect(server.received.spans.get(`in the mood ${mood}`), mood).to.equal(twice);
    }
  });

  it('does not write what is for the endpoint alone: headers', async () => {
    const guard = guardOf();
    const exporter = new JsonExporter({
      url: `${server.endpoint}/v1/traces`,
      headers: { authorization: 'Bearer of-good-news' },
    });
    spansOf(processorOf(guard, exporter))(...names(5));
    await guard.flush();
    expect(server.log[0]?.headers.authorization).to.equal('Bearer of-good-news');
    for (const path of readdirSync(dir, { recursive: true, encoding: 'utf8', withFileTypes: true })) {
      if (path.isFile())
        expect(readFileSync(join(path.parentPath, path.name), 'latin1')).not.to.include('good-news');
    }
  });

  it('takes what the SDK’s batch processors release: on disk before they are told, delivered by itself', async () => {
    server.mood = 'error';
    const guard = guardOf();
    const spans = guard.wrapSpanExporter(toServer(JsonExporter));
    const logs = guard.wrapLogRecordExporter(new OTLPLogExporter({ url: `${server.endpoint}/v1/logs` }));
    const tracers = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(spans)] });
    const loggers = new LoggerProvider({
      processors: [new BatchLogRecordProcessor({ exporter: logs })],
    });
    for (const name of names(700)) tracers.getTracer('a').startSpan(name).end();
    for (const name of names(700)) loggers.getLogger('a').emit({ body: name });
    await Promise.all([tracers.forceFlush(), loggers.forceFlush()]);
    for (const lane of ['spans', 'logs'])
      expect(stats(guard, lane), lane).to.deep.include({ accepted: 700, delivered: 0, pendingOnDisk: 700 });
    server.mood = 'up';
    await Promise.all([tracers.shutdown(), loggers.shutdown()]);
    expect(server.received.spans).to.deep.equal(once(names(700)));
    expect(server.received.logs).to.deep.equal(once(names(700)));
    expect(stats(guard)).to.deep.include({ delivered: 700, dropped: {}, pendingOnDisk: 0 });
  });
});
