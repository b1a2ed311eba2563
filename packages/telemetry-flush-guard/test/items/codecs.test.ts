import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { expect } from 'chai';
import fc from 'fast-check';
import { realLogs, realSpans } from 'test-helpers/real-telemetry';
import { SAMPLE_LOGS, SAMPLE_SPANS } from 'test-helpers/telemetry-samples';
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

/** As it comes from an application in plain JavaScript. */
function changed<Item extends object>(item: Item, changes: Record<string, unknown>): Item {
  return Object.create(
    item,
    Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, { value }])),
  ) as Item;
}

/** Any number, and none; JSON has no -0, which no field of a span means. */
const anyNumber = fc.option(
  fc.double().filter(value => !Object.is(value, -0)),
  { nil: undefined },
);
const anyTime = fc.tuple(
  fc.oneof(fc.integer(), fc.double()),
  fc.oneof(fc.double(), fc.constant(undefined), fc.constant('5')),
);

/** What comes back of a time; undefined if it is refused. */
function timeThroughDisk<Item>(codec: ItemCodec<Item>, item: Item, field: keyof Item): unknown {
  try {
    codec.encode(item);
  } catch (thrown) {
    expect(thrown).to.be.instanceOf(RangeError);
    return undefined;
  }
  return throughDisk(codec, item)[field];
}

function expectTime(read: unknown, [seconds, nanoseconds]: readonly unknown[]): void {
  const isTime = Number.isFinite(seconds) && Number.isFinite(nanoseconds);
  // Through an addition, as -0 is 0 here.
  const plain = [(seconds as number) + 0, (nanoseconds as number) + 0];
  expect(read).to.deep.equal(isTime ? plain : undefined);
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

  it('have the numbers that they had, whatever they were, and 0 where none was given', () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, anyNumber, anyNumber, (kind, one, two, three) => {
        const read = throughDisk(
          spanCodec,
          changed(spans[0]! as SpanLike, {
            kind,
            status: { code: kind },
            droppedAttributesCount: one,
            droppedEventsCount: two,
            droppedLinksCount: three,
            events: [{ name: 'e', time: [1, 2], droppedAttributesCount: one }],
            links: [{ context: spans[0]!.spanContext(), droppedAttributesCount: two }],
          }),
        );
        expect([read.kind, read.status.code]).to.deep.equal([kind ?? 0, kind ?? 0]);
        expect([read.droppedAttributesCount, read.droppedEventsCount, read.droppedLinksCount]).to.deep.equal([
          one ?? 0,
          two ?? 0,
          three ?? 0,
        ]);
        expect(read.events[0]!.droppedAttributesCount).to.deep.equal(one);
        expect(read.links[0]!.droppedAttributesCount).to.deep.equal(two);
      }),
    );
  });

  it('have the times that they had, or are refused for what is none', () => {
    fc.assert(
      fc.property(anyTime, time => {
        for (const field of ['startTime', 'endTime', 'duration'] as const) {
          const span = changed(spans[0]! as SpanLike, { [field]: time });
          expectTime(timeThroughDisk(spanCodec, span, field), time);
        }
        const events = [{ name: 'e', time }];
        const read = timeThroughDisk(spanCodec, changed(spans[0]! as SpanLike, { events }), 'events');
        expectTime((read as SpanLike['events'] | undefined)?.[0]!.time, time);
      }),
    );
  });

  it('have no events and no links where none were given', () => {
    const bare = changed(spans[0]! as SpanLike, { events: undefined, links: undefined });
    expect(throughDisk(spanCodec, bare)).to.deep.include({ events: [], links: [] });
  });

  it('may have a context without flags, as one that was put together by hand', () => {
    const { traceId, spanId } = spans[0]!.spanContext();
    const linked = changed(spans[0]! as SpanLike, { links: [{ context: { traceId, spanId } }] });
    const [link] = throughDisk(spanCodec, linked).links;
    expect(link).to.deep.equal({ context: { traceId, spanId, traceFlags: 0 } });
  });

  it('are refused if a number is something else', () => {
    const odd = changed(spans[0]! as SpanLike, { droppedLinksCount: '1]' });
    expect(() => spanCodec.encode(odd)).to.throw(TypeError, 'string');
  });

  it('are refused without a resource', () => {
    for (const none of [undefined, null]) {
      const span = changed(spans[0]! as SpanLike, { resource: none });
      expect(() => spanCodec.originOf(span)).to.throw(TypeError, 'a span has no resource');
    }
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

  it('have the numbers that they had, whatever they were', () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, (severityNumber, droppedAttributesCount) => {
        const log = changed(logs[0]! as LogRecordLike, { severityNumber, droppedAttributesCount });
        const again = throughDisk(logCodec, log);
        expect(again.severityNumber).to.deep.equal(severityNumber);
        expect('severityNumber' in again).to.equal(severityNumber !== undefined);
        expect(again.droppedAttributesCount).to.deep.equal(droppedAttributesCount ?? 0);
      }),
    );
  });

  it('have the times that they had, or are refused for what is none', () => {
    fc.assert(
      fc.property(anyTime, time => {
        for (const field of ['hrTime', 'hrTimeObserved'] as const) {
          const log = changed(logs[0]! as LogRecordLike, { [field]: time });
          expectTime(timeThroughDisk(logCodec, log, field), time);
        }
      }),
    );
  });

  it('are refused without a resource or a scope', () => {
    const [log] = logs as unknown as LogRecordLike[];
    expect(() => logCodec.originOf(changed(log!, { resource: null }))).to.throw(TypeError, 'no resource');
    const unscoped = changed(log!, { instrumentationScope: undefined });
    expect(() => logCodec.originOf(unscoped)).to.throw(TypeError, 'no instrumentation scope');
  });
});
