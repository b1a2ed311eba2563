import {
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { expect } from 'chai';
import fc from 'fast-check';
import { realLogs, realSpans } from 'test-helpers/real-telemetry';
import { logCodec } from '../../src/items/log-codec.js';
import type { LogRecordLike, SpanLike } from '../../src/items/otel-types.js';
import { spanCodec } from '../../src/items/span-codec.js';
import { otlpEncodings } from '../../src/otlp/otlp-encoding.js';

const SERIALIZERS = { json: JsonTraceSerializer, protobuf: ProtobufTraceSerializer } as const;

const [span, bare] = realSpans() as unknown as [SpanLike, SpanLike];
const [log] = realLogs() as unknown as [LogRecordLike];

/** As it comes from an application in plain JavaScript. */
function changed<Item extends object>(item: Item, changes: Record<string, unknown>): Item {
  return Object.create(
    item,
    Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, { value, enumerable: true }])),
  ) as Item;
}

/** So many objects in one another. */
function nested(depth: number): unknown {
  let value: unknown = 'inside';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? { value } : [value];
  return value;
}

const itself: Record<string, unknown> = {};
itself['again'] = [itself];

for (const format of ['json', 'protobuf'] as const)
  describe(`an item in OTLP as ${format}`, () => {
    const encoding = otlpEncodings[format].span;
    const logs = otlpEncodings[format].log;
    const textOf = (bytes: Uint8Array): string =>
      Buffer.from(bytes).toString(format === 'json' ? 'utf8' : 'hex');
    const real = (...spans: SpanLike[]): string =>
      textOf(SERIALIZERS[format].serializeRequest(spans as unknown as ReadableSpan[])!);
    const ours = (...spans: SpanLike[]): string =>
      textOf(
        encoding.encodeRequest(
          spans.map(item => ({
            origin: spanCodec.originOf(item),
            bytes: encoding.encodeItem(item).slice(),
          })),
        ),
      );

    it('is refused if one of its times is none', () => {
      for (const time of [[NaN, 0], [1, Infinity], [1], ['1', 2], []]) {
        expect(() => encoding.encodeItem(changed(span, { startTime: time })), String(time)).to.throw(
          RangeError,
        );
        expect(() => encoding.encodeItem(changed(span, { endTime: time }))).to.throw(RangeError);
        expect(() => encoding.encodeItem(changed(span, { events: [{ name: 'e', time }] }))).to.throw(
          RangeError,
        );
        expect(() => logs.encodeItem(changed(log, { hrTime: time }))).to.throw(RangeError);
        expect(() => logs.encodeItem(changed(log, { hrTimeObserved: time }))).to.throw(RangeError);
      }
    });

    it('is refused if a number is something else', () => {
      const { traceId, spanId } = span.spanContext();
      for (const odd of ['1', {}, 5n, true]) {
        for (const changes of [
          { kind: odd },
          { status: { code: odd } },
          { droppedAttributesCount: odd },
          { droppedEventsCount: odd },
          { droppedLinksCount: odd },
          { events: [{ name: 'e', time: [1, 2], droppedAttributesCount: odd }] },
          { links: [{ context: { traceId, spanId }, droppedAttributesCount: odd }] },
          { links: [{ context: { traceId, spanId, traceFlags: odd } }] },
          { spanContext: () => ({ traceId, spanId, traceFlags: odd }) },
        ]) {
          const item = changed(span, changes);
          expect(() => encoding.encodeItem(item), JSON.stringify(Object.keys(changes))).to.throw(TypeError);
          expect(() => spanCodec.encode(item)).to.throw(TypeError);
        }
        for (const changes of [{ severityNumber: odd }, { droppedAttributesCount: odd }]) {
          expect(() => logs.encodeItem(changed(log, changes))).to.throw(TypeError);
          expect(() => logCodec.encode(changed(log, changes))).to.throw(TypeError);
        }
      }
    });

    it('is refused for a value that is too deep, where the codec of the disk refuses it', () => {
      fc.assert(
        fc.property(fc.integer({ min: 60, max: 68 }), depth => {
          const value = nested(depth);
          const item = changed(span, { attributes: { value } });
          const record = changed(log, { body: value });
          const isRefused = depth > 64;
          for (const write of [
            () => encoding.encodeItem(item),
            () => spanCodec.encode(item),
            () => logs.encodeItem(record),
            () => logCodec.encode(record),
          ])
            if (isRefused) expect(write).to.throw(RangeError, 'more than 64 deep');
            else expect(write).not.to.throw();
        }),
      );
      expect(() => encoding.encodeItem(changed(span, { attributes: itself }))).to.throw(RangeError);
    });

    it('is refused alone: those before and after it are as ever', () => {
      const expected = real(span, bare);
      const refused = changed(span, { attributes: itself });
      const parts = [span, refused, bare].flatMap(item => {
        try {
          return [{ origin: spanCodec.originOf(item), bytes: encoding.encodeItem(item).slice() }];
        } catch {
          return [];
        }
      });
      expect(textOf(encoding.encodeRequest(parts))).to.equal(expected);
    });

    it('may write another one while it is written', () => {
      const { traceId, spanId, traceFlags } = span.spanContext();
      const written: string[] = [];
      const serialize = (): string => {
        written.push(ours(bare));
        return 'a=1';
      };
      const outer = changed(span, {
        spanContext: () => ({ traceId, spanId, traceFlags, traceState: { serialize } }),
      });
      const bytes = ours(outer);
      expect(written).to.deep.equal([real(bare)]);
      expect(bytes).to.equal(real(outer));
    });

    it('may be of SDK 1.x, which names scope and parent otherwise', () => {
      const { instrumentationScope, parentSpanContext } = span;
      const old = changed(span, {
        instrumentationScope: undefined,
        instrumentationLibrary: instrumentationScope,
        parentSpanContext: undefined,
        parentSpanId: parentSpanContext!.spanId,
      });
      // Of the parent, 1.x has nothing but the id.
      const { spanId } = parentSpanContext!;
      expect(ours(old)).to.equal(real(changed(span, { parentSpanContext: { spanId } })));
      const [read] = [encoding.decodeItem(encoding.encodeItem(old), spanCodec.originOf(old))];
      expect(read.parentSpanId).to.equal(spanId);
      expect(read.instrumentationLibrary).to.equal(instrumentationScope);
    });

    it('has no events, links or attributes where none were given', () => {
      const none = { events: [], links: [], attributes: {} };
      const left = { events: undefined, links: undefined, attributes: undefined };
      expect(ours(changed(span, left))).to.equal(real(changed(span, none)));
    });

    it('may be longer than anything that was written before, and short again', () => {
      const long = changed(span, {
        attributes: { one: 'x'.repeat(3_000_000), two: 'ä'.repeat(1_000_000), 3: 'y' },
      });
      expect(ours(long, bare, long)).to.equal(real(long, bare, long));
    });

    it('may have keys that nobody has used before, however many', () => {
      for (let index = 0; index < 2_500; index += 1) {
        const item = changed(bare, { attributes: { [`key ${index}`]: 'text', 'http.route': '/', n: 1 } });
        expect(ours(item)).to.equal(real(item));
      }
    });

    it('may have keys and texts of any length together', () => {
      for (let key = 80; key < 135; key += 1) {
        const attributes: Record<string, unknown> = { ['n'.repeat(key)]: 1 };
        for (let text = 0; text < 40; text += 1) attributes[`${text}`.padStart(key, 'k')] = 'x'.repeat(text);
        const item = changed(bare, { attributes });
        expect(ours(item)).to.equal(real(item));
      }
    });

    it('is read as what exporters of other kinds ask for', () => {
      const read = encoding.decodeItem(encoding.encodeItem(span), spanCodec.originOf(span));
      expect(read.resource).to.equal(span.resource);
      expect(read.instrumentationScope).to.equal(span.instrumentationScope);
      expect(read).to.deep.include({
        name: span.name,
        kind: span.kind,
        startTime: span.startTime,
        endTime: span.endTime,
        duration: span.duration,
        ended: true,
        status: span.status,
      });
      const { traceId, spanId, traceFlags, traceState } = span.spanContext();
      expect(read.spanContext()).to.deep.include({ traceId, spanId, traceFlags });
      expect(read.spanContext().traceState!.serialize()).to.equal(traceState!.serialize());
      const { spanId: parent, isRemote } = span.parentSpanContext!;
      expect(read.parentSpanContext).to.deep.include({ traceId, spanId: parent, isRemote });
      expect(read.attributes['texts']).to.deep.equal(['a', 'b']);
      expect(read.attributes['nan']).to.be.NaN;
      expect(read.events.map(({ name, time }) => ({ name, time }))).to.deep.equal(
        span.events.map(({ name, time }) => ({ name, time })),
      );
      expect(read.links[0]!.context).to.deep.include({
        spanId: span.links[0]!.context.spanId,
        isRemote: true,
      });
      const record = logs.decodeItem(logs.encodeItem(log), logCodec.originOf(log));
      expect(record).to.deep.include({
        body: log.body,
        eventName: log.eventName,
        severityNumber: log.severityNumber,
        severityText: log.severityText,
        hrTime: log.hrTime,
        hrTimeObserved: log.hrTimeObserved,
        spanContext: { ...log.spanContext! },
      });
      expect(record.attributes['bytes']).to.deep.equal(new Uint8Array([0, 255, 128]));
    });

    it('is read with the time that it took', () => {
      for (const [end, duration] of [
        [
          [3, 100_000_000],
          [1, 200_000_000],
        ],
        [
          [3, 950_000_000],
          [2, 50_000_000],
        ],
        [
          [1, 900_000_000],
          [0, 0],
        ],
      ]) {
        const item = changed(span, { startTime: [1, 900_000_000], endTime: end });
        const read = encoding.decodeItem(encoding.encodeItem(item), spanCodec.originOf(item));
        expect(read.duration).to.deep.equal(duration);
      }
    });

    it('cannot be read if it is cut off, or is none', () => {
      const cutOff = format === 'json' ? 'JSON' : 'cut off';
      for (const item of [span, bare]) {
        const bytes = encoding.encodeItem(item).slice();
        for (let length = 0; length < bytes.length; length += 1)
          expect(() => encoding.decodeItem(bytes.subarray(0, length), spanCodec.originOf(item))).to.throw(
            cutOff,
          );
      }
      const record = logs.encodeItem(log).slice();
      for (let length = 0; length < record.length; length += 1)
        expect(() => logs.decodeItem(record.subarray(0, length), logCodec.originOf(log))).to.throw(cutOff);
      for (const other of ['null', '[]', '7', '\u0001'])
        expect(() => encoding.decodeItem(Buffer.from(other), spanCodec.originOf(span)), other).to.throw();
    });
  });

describe('an item in OTLP as protobuf, beyond what JSON has', () => {
  const { span: encoding, log: logs } = otlpEncodings.protobuf;

  it('is refused without a name', () => {
    for (const name of [undefined, null, {}])
      expect(() => encoding.encodeItem(changed(span, { name }))).to.throw(TypeError, 'a text is of type');
  });

  it('is refused with an id that is no text', () => {
    for (const traceId of [undefined, 7])
      expect(() => encoding.encodeItem(changed(span, { spanContext: () => ({ traceId }) }))).to.throw(
        TypeError,
      );
  });

  it('has no text for a name that is another primitive, as the real one', () => {
    const item = changed(span, { name: 7 });
    expect(Buffer.from(encoding.encodeItem(item)).toString('hex')).to.equal(
      Buffer.from(encoding.encodeItem(changed(span, { name: '' }))).toString('hex'),
    );
    const [record] = realLogs();
    const odd = changed(record! as LogRecordLike, { eventName: 7 });
    const origin = logCodec.originOf(odd);
    expect(
      Buffer.from(logs.encodeRequest([{ origin, bytes: logs.encodeItem(odd) }])).equals(
        Buffer.from(ProtobufLogsSerializer.serializeRequest([odd as unknown as ReadableLogRecord])!),
      ),
    ).to.equal(true);
  });

  it('is read past fields that nobody knows', () => {
    const bytes = encoding.encodeItem(span).slice();
    // 2 bytes of length, as it is longer than 127 bytes and shorter than 16 KiB.
    const body = bytes.subarray(3);
    const unknown = Buffer.from(
      '980601' + 'f106' + '0102030405060708' + 'da0602ffff' + 'dd06' + '01020304',
      'hex',
    );
    const length = body.length + unknown.length;
    const longer = Buffer.concat([
      Buffer.from([bytes[0]!, (length & 0x7f) | 0x80, length >> 7]),
      unknown,
      body,
    ]);
    const read = encoding.decodeItem(longer, spanCodec.originOf(span));
    expect(Buffer.from(encoding.encodeItem(read)).equals(bytes)).to.equal(true);
  });

  it('cannot be read if a message in it ends before what is in the message', () => {
    const beyond = Buffer.from('1207' + '5a03' + '120541' + '4243', 'hex');
    expect(() => encoding.decodeItem(beyond, spanCodec.originOf(span))).to.throw(RangeError, 'cut off');
  });

  it('cannot be read with a group in it, which has no length', () => {
    for (const group of ['12020b0c', '12010b', '120c' + 'ff'.repeat(12)])
      expect(() => encoding.decodeItem(Buffer.from(group, 'hex'), spanCodec.originOf(span))).to.throw(
        RangeError,
      );
  });
});
