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
import {
  SAMPLE_LOGS,
  SAMPLE_LOG_LIMITS,
  SAMPLE_RESOURCE,
  SAMPLE_SPANS,
  SAMPLE_SPAN_LIMITS,
  emitLogs,
  emitSpans,
} from 'test-helpers/telemetry-samples';
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

const { attributes, schemaUrl } = SAMPLE_RESOURCE;
const resource = resourceFromAttributes(attributes, { schemaUrl });

function realSpans(): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  emitSpans(
    new BasicTracerProvider({
      resource,
      spanLimits: SAMPLE_SPAN_LIMITS,
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    }),
  );
  return exporter.getFinishedSpans();
}

function realLogs(): ReadableLogRecord[] {
  const exporter = new InMemoryLogRecordExporter();
  emitLogs(
    new LoggerProvider({
      resource,
      logRecordLimits: SAMPLE_LOG_LIMITS,
      processors: [new SimpleLogRecordProcessor({ exporter })],
    }),
  );
  return exporter.getFinishedLogRecords();
}

describe('spans from disk', () => {
  const spans = realSpans();
  const read = spans.map(span => throughDisk(spanCodec, span as SpanLike) as unknown as ReadableSpan);

  it('are the same bytes of OTLP, as JSON and as protobuf', () => {
    expect(spans).to.have.length(SAMPLE_SPANS);
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
    expect(logs).to.have.length(SAMPLE_LOGS);
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
