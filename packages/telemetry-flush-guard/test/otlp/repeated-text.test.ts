import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { expect } from 'chai';
import fc from 'fast-check';
import { realSpans } from 'test-helpers/real-telemetry';
import { spanCodec } from '../../src/items/span-codec.js';
import type { SpanLike } from '../../src/items/otel-types.js';
import { ByteWriter } from '../../src/otlp/byte-writer.js';
import { otlpEncodings } from '../../src/otlp/otlp-encoding.js';
import { RepeatedText } from '../../src/otlp/repeated-text.js';

const SERIALIZERS = { json: JsonTraceSerializer, protobuf: ProtobufTraceSerializer } as const;

/** Writes a text as often, as those who use it do: what is known of it is not written. How often it was known. */
function write(repeated: RepeatedText, text: string, times: number): number {
  const writer = new ByteWriter();
  let known = 0;
  for (let time = 0; time < times; time += 1) {
    const written = repeated.of(text);
    if (written === undefined) {
      const from = writer.position;
      writer.utf8(`<${text}>`);
      repeated.wrote(text, writer, from);
      continue;
    }
    known += 1;
    writer.fragment(written);
  }
  expect(Buffer.from(writer.written(0)).toString()).to.equal(`<${text}>`.repeat(times));
  return known;
}

describe('a text that is repeated', () => {
  it('is known from the seventeenth time on', () => {
    expect(write(new RepeatedText(), 'GET', 20)).to.equal(4);
  });

  it('is forgotten for another one, which is known once it has stayed as long', () => {
    const repeated = new RepeatedText();
    write(repeated, 'GET', 20);
    expect(write(repeated, 'PUT', 1)).to.equal(0);
    // 64 times nothing is compared; sixteen times it has to be the same.
    expect(write(repeated, 'GET', 64 + 16)).to.equal(0);
    expect(write(repeated, 'GET', 3)).to.equal(3);
  });

  it('is not known if another one came in between each time', () => {
    const repeated = new RepeatedText();
    let known = 0;
    for (let time = 0; time < 500; time += 1) known += write(repeated, `${time % 2}`, 1);
    expect(known).to.equal(0);
  });

  it('is not kept if it is long', () => {
    expect(write(new RepeatedText(), 'x'.repeat(128), 20)).to.equal(4);
    expect(write(new RepeatedText(), 'x'.repeat(129), 200)).to.equal(0);
  });

  for (const format of ['json', 'protobuf'] as const)
    it(`is as it was in OTLP as ${format}, wherever it stands`, () => {
      const encoding = otlpEncodings[format].span;
      const [first] = realSpans() as unknown as [SpanLike];
      const runs = fc.array(
        fc.tuple(
          fc.constantFrom('', 'GET', 'PUT', 'ä€😀', '"quoted"', '\ud800', 'x'.repeat(120), 'ä'.repeat(128)),
          fc.constantFrom(1, 15, 16, 17, 18, 90),
          fc.constantFrom('attributes', 'events', 'links', 'map'),
        ),
        { minLength: 1, maxLength: 8 },
      );
      fc.assert(
        fc.property(runs, fc.string({ unit: 'binary', maxLength: 20 }), (texts, key) => {
          for (const [text, times, place] of texts) {
            const attributes = { [key]: text, after: 1 };
            const item = Object.create(first, {
              attributes: {
                value: place === 'map' ? { map: attributes } : place === 'attributes' ? attributes : {},
              },
              events: { value: place === 'events' ? [{ name: 'e', time: [1, 2], attributes }] : [] },
              links: { value: place === 'links' ? [{ context: first.spanContext(), attributes }] : [] },
            }) as SpanLike;
            const real = Buffer.from(
              SERIALIZERS[format].serializeRequest([item as unknown as ReadableSpan])!,
            );
            for (let time = 0; time < times; time += 1) {
              const bytes = encoding.encodeItem(item);
              const ours = encoding.encodeRequest([{ origin: spanCodec.originOf(item), bytes }]);
              expect(Buffer.from(ours).toString('latin1')).to.equal(real.toString('latin1'));
            }
          }
        }),
        { numRuns: 40 },
      );
    });
});
