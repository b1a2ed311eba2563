import { expect } from 'chai';
import fc from 'fast-check';
import { anyText, beyondTime, oddLog, oddOrigin, oddSpan } from './odd-telemetry.js';
import { SAMPLE_LOGS, SAMPLE_SPANS } from './telemetry-samples.js';

interface Origin {
  readonly resource: object;
  readonly scope: object;
}

/** What the suite uses of an encoding. Not imported: the package's own tests use these helpers. */
interface EncodingUnderTest {
  encodeItem(item: never): Uint8Array;
  encodeRequest(items: readonly { readonly origin: never; readonly bytes: Uint8Array }[]): Uint8Array;
  decodeItem(bytes: Uint8Array, origin: never): unknown;
  rejectedIn(response: Uint8Array): { readonly count: number; readonly message: string } | undefined;
}

/** One of the SDK. */
interface Serializer {
  serializeRequest(items: never): Uint8Array | undefined;
  deserializeResponse(response: Uint8Array): {
    partialSuccess?: { rejectedSpans?: number; rejectedLogRecords?: number; errorMessage?: string };
  };
}

type Format = 'json' | 'protobuf';
type Signal = 'span' | 'log';

/** A line of the SDK, and the product. */
export interface EncodingSuite {
  readonly encodings: Readonly<Record<Format, Readonly<Record<Signal, EncodingUnderTest>>>>;
  readonly serializers: Readonly<Record<Format, Readonly<Record<Signal, Serializer>>>>;
  readonly samples: Readonly<Record<Signal, readonly object[]>>;
}

const FORMATS = ['json', 'protobuf'] as const;
const SIGNALS = ['span', 'log'] as const;
const ODD: Record<Signal, fc.Arbitrary<object>> = { span: oddSpan, log: oddLog };

/** An item, and where it is from, by either name. */
function placed<Item extends object>(item: Item, { resource, scope }: Origin): Item {
  return { ...item, resource, instrumentationScope: scope };
}

function originOf(item: object): Origin {
  const { resource, instrumentationScope } = item as { resource: object; instrumentationScope: object };
  return { resource, scope: instrumentationScope };
}

/** Some items of some origins: by twos, so that the same come together and apart. */
function requestOf(item: fc.Arbitrary<object>): fc.Arbitrary<object[]> {
  return fc
    .tuple(
      fc.array(oddOrigin, { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(item, fc.nat(), fc.nat()), { maxLength: 4 }),
    )
    .map(([origins, items]) =>
      items.map(([fields, one, two]) =>
        placed(fields, {
          resource: origins[one % origins.length]!.resource,
          scope: origins[two % origins.length]!.scope,
        }),
      ),
    );
}

/** As a text that says where it differs. */
function shown(bytes: Uint8Array | undefined, format: Format): string {
  return Buffer.from(bytes!).toString(format === 'json' ? 'utf8' : 'hex');
}

function written(encoding: EncodingUnderTest, items: readonly object[]): Uint8Array {
  return encoding.encodeRequest(
    items.map(item => ({
      origin: originOf(item) as never,
      // Copied, as the bytes hold until the next call.
      bytes: encoding.encodeItem(item as never).slice(),
    })),
  );
}

function again(encoding: EncodingUnderTest, item: object): object {
  return encoding.decodeItem(encoding.encodeItem(item as never).slice(), originOf(item) as never) as object;
}

/** A field of protobuf that is a varint or of a length, as the specification of protobuf has it. */
function field(number: number, value: bigint | Uint8Array): Buffer {
  if (typeof value === 'bigint') return Buffer.concat([varint(BigInt(number << 3)), varint(value)]);
  return Buffer.concat([varint(BigInt((number << 3) | 2)), varint(BigInt(value.length)), value]);
}

function varint(value: bigint): Buffer {
  const bytes = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

const anyResponse = fc.record({
  count: fc.maxSafeInteger().map(Math.abs),
  message: anyText.filter(text => !text.startsWith('\ufeff')),
  unknown: fc.uint8Array({ maxLength: 5 }),
});

const RESPONSES: Record<
  Format,
  (said: { count: number; message: string; unknown: Uint8Array }, signal: Signal) => Uint8Array
> = {
  json: ({ count, message }, signal) => {
    const name = signal === 'span' ? 'rejectedSpans' : 'rejectedLogRecords';
    return Buffer.from(JSON.stringify({ partialSuccess: { [name]: count, errorMessage: message } }));
  },
  protobuf: ({ count, message, unknown }) =>
    Buffer.concat([
      field(9, unknown),
      field(1, Buffer.concat([field(1, BigInt(count)), field(7, 5n), field(2, Buffer.from(message))])),
    ]),
};

/**
 * That the product writes what the serializers of a line of the SDK write.
 *
 * @param load called once tests run
 */
export function describeOtlpEncodings(
  line: string,
  load: () => Promise<EncodingSuite> | EncodingSuite,
): void {
  let suite: EncodingSuite;
  before(async () => {
    suite = await load();
  });

  for (const format of FORMATS)
    for (const signal of SIGNALS)
      describe(`${signal}s in OTLP as ${format}, beside ${line}`, () => {
        let encoding: EncodingUnderTest;
        let serializer: Serializer;
        let samples: readonly object[];
        before(() => {
          encoding = suite.encodings[format][signal];
          serializer = suite.serializers[format][signal];
          samples = suite.samples[signal];
        });
        const real = (items: readonly object[]): string =>
          shown(serializer.serializeRequest(items as never), format);
        const ours = (items: readonly object[]): string => shown(written(encoding, items), format);

        it('are the same bytes, of all that an SDK makes', () => {
          expect(samples).to.have.length(signal === 'span' ? SAMPLE_SPANS : SAMPLE_LOGS);
          expect(ours(samples)).to.equal(real(samples));
          const others = [...samples].reverse();
          expect(ours(others)).to.equal(real(others));
        });

        it('are the same bytes, of whatever is handed in', () => {
          fc.assert(
            fc.property(requestOf(ODD[signal]), items => {
              expect(ours(items)).to.equal(real(items));
            }),
            { numRuns: 200 },
          );
        });

        it('are the same bytes, whatever they have for a time', () => {
          fc.assert(
            fc.property(beyondTime, beyondTime, (one, two) => {
              const fields = { startTime: one, endTime: two, hrTime: one, hrTimeObserved: two };
              const item = placed({ ...samples[0]!, ...fields }, originOf(samples[0]!));
              const whole = Object.create(samples[0]!, Object.getOwnPropertyDescriptors(item)) as object;
              expect(ours([whole])).to.equal(real([whole]));
            }),
          );
        });

        it('are the same bytes again when they are read and written', () => {
          const read = samples.map(item => again(encoding, item));
          expect(real(read)).to.equal(real(samples));
          expect(ours(read)).to.equal(real(samples));
          fc.assert(
            fc.property(requestOf(ODD[signal]), items => {
              expect(ours(items.map(item => again(encoding, item)))).to.equal(ours(items));
            }),
            { numRuns: 150 },
          );
        });

        it('are told of as rejected by the response that says so', () => {
          fc.assert(
            fc.property(anyResponse, said => {
              const response = RESPONSES[format](said, signal);
              const { rejectedSpans, rejectedLogRecords, errorMessage } =
                serializer.deserializeResponse(response).partialSuccess!;
              const count = rejectedSpans ?? rejectedLogRecords;
              expect(count).to.equal(said.count);
              expect(encoding.rejectedIn(response)).to.deep.equal(
                said.count === 0 ? undefined : { count, message: errorMessage },
              );
            }),
          );
        });

        it('are not told of by any other response', () => {
          for (const response of [
            '',
            '{}',
            '{"partialSuccess":{}}',
            '{"partialSuccess":null}',
            'null',
            '<html>',
          ])
            expect(encoding.rejectedIn(Buffer.from(response)), response).to.equal(undefined);
          fc.assert(
            fc.property(fc.uint8Array(), bytes => {
              expect(() => encoding.rejectedIn(bytes)).not.to.throw();
            }),
          );
        });
      });
}
