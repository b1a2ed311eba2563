import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  createTraceState,
  trace,
} from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { expect } from 'chai';
import type { ItemCodec } from '../../src/items/item-codec.js';
import { logCodec } from '../../src/items/log-codec.js';
import { Origins, encodeResource, encodeScope } from '../../src/items/origins.js';
import { spanCodec } from '../../src/items/span-codec.js';
import type { LogRecordLike, SpanLike } from '../../src/items/otel-types.js';

const origins = new Origins();

/** As an item comes back from disk, where its resource and scope are texts. */
function throughDisk<Item>(codec: ItemCodec<Item>, item: Item): Item {
  const { resource, scope } = codec.originOf(item);
  return codec.decode(codec.encode(item), {
    resource: origins.resource(encodeResource(resource)),
    scope: origins.scope(encodeScope(scope)),
  });
}

const resource = resourceFromAttributes(
  { 'service.name': 'shop', 'service.version': '1.2', ports: [1, 2], 'is.test': true },
  { schemaUrl: 'https://opentelemetry.io/schemas/1.45.0' },
);

const everything = {
  text: 'ä€😀 \u0000',
  whole: 42,
  part: 0.1,
  huge: Number.MAX_VALUE,
  nan: NaN,
  infinite: -Infinity,
  zero: -0,
  yes: true,
  texts: ['a', 'b'],
  numbers: [1, 2.5, NaN],
  flags: [true, false],
};

function realSpans(): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer('a tracer', '3.4', { schemaUrl: 'https://example.com/schema' });
  const remote = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
    traceState: createTraceState('one=1,two=a b'),
  };
  const parent = trace.setSpanContext(ROOT_CONTEXT, remote);
  const child = tracer.startSpan(
    'with everything',
    { kind: SpanKind.SERVER, attributes: everything },
    parent,
  );
  child.addEvent('an event', { tries: 2, why: NaN }, [1_700_000_000, 999_999_999]);
  child.addEvent('another');
  child.addLink({ context: remote, attributes: { to: 'another' } });
  child.addLink({ context: { ...remote, isRemote: false } });
  child.recordException(new Error('went wrong'));
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'no' });
  child.end();
  tracer.startSpan('with nothing', { root: true }).end();
  const grandchild = tracer.startSpan('inside', {}, trace.setSpan(ROOT_CONTEXT, child));
  grandchild.setStatus({ code: SpanStatusCode.OK });
  grandchild.end([1_800_000_000, 1]);
  provider.getTracer('another tracer').startSpan('from elsewhere').end();
  return exporter.getFinishedSpans();
}

function realLogs(): ReadableLogRecord[] {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ resource, processors: [new SimpleLogRecordProcessor({ exporter })] });
  const logger = provider.getLogger('a logger', '5', { attributes: { area: 'tests' } });
  const context = trace.setSpanContext(ROOT_CONTEXT, {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: TraceFlags.SAMPLED,
  });
  logger.emit({
    context,
    body: 'a line',
    severityNumber: SeverityNumber.WARN,
    severityText: 'WARN',
    timestamp: [1_700_000_000, 123_456_789],
    attributes: { ...everything, bytes: new Uint8Array([0, 255, 128]), map: { deep: [null, { er: 1 }] } },
  });
  logger.emit({
    body: { structured: [1, 'two', new Uint8Array([3])], nothing: null },
    eventName: 'an.event',
  });
  logger.emit({});
  logger.emit({ body: 0, severityNumber: SeverityNumber.TRACE });
  provider.getLogger('another logger').emit({ body: '' });
  return exporter.getFinishedLogRecords();
}

describe('spans from disk', () => {
  const spans = realSpans();
  const read = spans.map(span => throughDisk(spanCodec, span as SpanLike) as unknown as ReadableSpan);

  it('are the same bytes of OTLP, as JSON and as protobuf', () => {
    expect(spans).to.have.length(4);
    const [json, protobuf] = [JsonTraceSerializer, ProtobufTraceSerializer].map(serializer => [
      Buffer.from(serializer.serializeRequest(read)!),
      Buffer.from(serializer.serializeRequest(spans)!),
    ]);
    expect(json![0]!.toString()).to.equal(json![1]!.toString());
    expect(protobuf![0]!.equals(protobuf![1]!)).to.equal(true);
  });

  it('share one resource, whatever segment they are from', () => {
    expect(new Set(read.map(span => span.resource)).size).to.equal(1);
    expect(read[0]!.instrumentationScope).to.equal(read[1]!.instrumentationScope);
  });

  it('have what exporters of Zipkin and Azure ask for besides', () => {
    for (const [index, { duration, ended, parentSpanContext, status }] of read.entries()) {
      const original = spans[index]!;
      expect(duration).to.deep.equal(original.duration);
      expect(ended).to.equal(true);
      expect(status).to.deep.equal(original.status);
      expect(parentSpanContext?.spanId).to.equal(original.parentSpanContext?.spanId);
    }
    expect(read[0]!.spanContext().traceState?.get('two')).to.equal('a b');
    expect(read[0]!.resource.getRawAttributes()).to.deep.include(['service.name', 'shop']);
  });

  it('may be those of SDK 1.x, which names scope and parent otherwise', () => {
    const { instrumentationScope, parentSpanContext } = spans[0]!;
    const old = Object.create(spans[0]!, {
      instrumentationScope: { value: undefined },
      instrumentationLibrary: { value: instrumentationScope },
      parentSpanContext: { value: undefined },
      parentSpanId: { value: parentSpanContext!.spanId },
    }) as SpanLike;
    const again = throughDisk(spanCodec, old);
    expect(again.instrumentationLibrary).to.deep.equal({ ...instrumentationScope });
    expect(again.parentSpanId).to.equal(parentSpanContext!.spanId);
  });
});

describe('log records from disk', () => {
  const logs = realLogs();
  const read = logs.map(log => throughDisk(logCodec, log as LogRecordLike) as unknown as ReadableLogRecord);

  it('are the same bytes of OTLP, as JSON and as protobuf', () => {
    expect(logs).to.have.length(5);
    const [json, protobuf] = [JsonLogsSerializer, ProtobufLogsSerializer].map(serializer => [
      Buffer.from(serializer.serializeRequest(read)!),
      Buffer.from(serializer.serializeRequest(logs)!),
    ]);
    expect(json![0]!.toString()).to.equal(json![1]!.toString());
    expect(protobuf![0]!.equals(protobuf![1]!)).to.equal(true);
  });

  it('have no field that the first ones have not', () => {
    for (const [index, log] of read.entries()) {
      expect('spanContext' in log).to.equal(logs[index]!.spanContext !== undefined);
      expect('body' in log).to.equal(logs[index]!.body !== undefined);
    }
  });
});
