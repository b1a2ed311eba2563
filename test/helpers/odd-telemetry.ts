import fc from 'fast-check';

// Spans and log records as no SDK makes them, but as applications in plain JavaScript hand them to exporters.

const anyUnit = fc.integer({ min: 0, max: 0xffff }).map(code => String.fromCharCode(code));

/** Lengths at which something changes: where loops end, where a length takes one byte more, with all that is around it. */
const lengths = fc.oneof(
  fc.nat({ max: 140 }),
  fc.integer({ min: 100, max: 130 }),
  fc.integer({ min: 16_360, max: 16_390 }),
);

export const anyText = fc.oneof(
  { weight: 4, arbitrary: fc.string() },
  { weight: 2, arbitrary: fc.string({ unit: 'binary' }) },
  // Halves of surrogate pairs.
  fc.string({ unit: anyUnit }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '\n', '\u0000', '\u001f', '\u007f', '\u0080', 'ÿ', '\u2028'),
  }),
  fc
    .tuple(lengths, fc.constantFrom('x', 'ä', '€', '😀'), fc.constantFrom('', 'ä', '"', '\ud83d'))
    .map(([length, unit, end]) => unit.repeat(length) + end),
);

/** What JSON.stringify and protobuf both have in one way: no two of them are the same as UTF-8. */
const anyKey = fc.oneof(
  fc.string(),
  fc.constantFrom('http.route', '__proto__', '7', 'ключ', 'k'.repeat(200)),
);

export const anyNumber = fc.oneof(
  fc.nat({ max: 300 }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.integer({ min: -70, max: 70 }).map(power => Math.sign(power) * 2 ** Math.abs(power)),
  fc.integer({ min: -63, max: 63 }).map(power => Math.sign(power) * 2 ** Math.abs(power) - 1),
  fc.constantFrom(2 ** 63, -(2 ** 63), 2 ** 32 - 0.5, NaN, Infinity, -Infinity, -0, 0.5, 1e21),
);

/** As a field of a span has it, or leaves it out. */
const anyCount = fc.option(anyNumber, { nil: undefined });

class Point {
  readonly x = 1;
  get y(): number {
    return this.x + 1;
  }
}

const { value: anyValue } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    anyText,
    anyNumber,
    fc.boolean(),
    fc.bigInt(),
    fc.uint8Array(),
    fc.uint8Array().map(bytes => Buffer.from(bytes)),
    fc.date({ noInvalidDate: false }),
    fc.constantFrom(
      null,
      undefined,
      () => 1,
      Symbol('symbol'),
      Object.assign(new Error('an error'), { code: 7 }),
      new Map([[1, 2]]),
      new Float32Array([1.5]),
      new URL('https://example.com'),
      new Point(),
      Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true }, hidden: { value: 3 } }),
      { toJSON: () => 'says', text: 'has' },
      // With a gap.
      [1, , 'two'],
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(anyKey, tie('value'), { maxKeys: 4 }),
  ),
}));

const anyAttributes = fc.dictionary(anyKey, anyValue, { maxKeys: 6 });

/** Times as a clock has them, and some as none has. */
const anyTime = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 2 ** 34 }), fc.nat({ max: 999_999_999 })),
  fc.tuple(fc.constantFrom(0, 1_700_000_000, -1, -70_000, 2 ** 40, 0.5, 65_535.75), fc.maxSafeInteger()),
  fc.tuple(fc.integer(), fc.double({ min: -4e9, max: 4e9, noNaN: true })),
);

/** Times of which not all can be told from what is written of them. */
export const beyondTime = fc.tuple(
  fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true })),
);

const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.integer({ min: 0, max: 15 }).map(digit => digit.toString(16)),
    minLength: length,
    maxLength: length,
  });

const anyId = (length: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: digits(length) },
    digits(length).map(id => id.toUpperCase()),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('', 'abc', 'g'.repeat(length), 'ä0'.repeat(8), 'f'.repeat(300)),
  );

const anyContext = fc
  .record({
    traceId: anyId(32),
    spanId: anyId(16),
    traceFlags: anyCount,
    isRemote: fc.option(fc.boolean(), { nil: undefined }),
    state: fc.option(anyText, { nil: undefined }),
  })
  .map(({ state, ...context }) => ({
    ...context,
    traceState: state === undefined ? undefined : { serialize: () => state },
  }));

const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });

/** Fields of a span. */
export const oddSpan = fc
  .record({
    context: anyContext,
    parentSpanContext: maybe(anyContext),
    name: anyText,
    kind: maybe(anyNumber),
    startTime: anyTime,
    endTime: anyTime,
    status: fc.record({ code: anyCount, message: maybe(anyText) }),
    attributes: anyAttributes,
    droppedAttributesCount: anyCount,
    events: fc.array(
      fc.record({
        name: anyText,
        time: anyTime,
        attributes: maybe(anyAttributes),
        droppedAttributesCount: anyCount,
      }),
      { maxLength: 2 },
    ),
    droppedEventsCount: anyCount,
    links: fc.array(
      fc.record({
        context: anyContext,
        attributes: maybe(anyAttributes),
        droppedAttributesCount: anyCount,
      }),
      { maxLength: 2 },
    ),
    droppedLinksCount: anyCount,
  })
  .map(({ context, ...fields }) => ({
    ...fields,
    spanContext: () => context,
    duration: [0, 0],
    ended: true,
  }));

/** Fields of a log record. */
export const oddLog = fc.record({
  hrTime: anyTime,
  hrTimeObserved: anyTime,
  spanContext: maybe(anyContext),
  severityText: maybe(anyText),
  severityNumber: fc.option(anyNumber, { nil: undefined }),
  body: anyValue,
  eventName: maybe(anyText),
  attributes: anyAttributes,
  droppedAttributesCount: anyCount,
});

/** Resources and scopes, to be shared by some items. */
export const oddOrigin = fc.record({
  resource: fc.record({ attributes: anyAttributes, schemaUrl: maybe(anyText) }),
  scope: fc.record({
    name: fc.oneof(fc.constantFrom('a', 'b'), anyText),
    version: maybe(fc.constantFrom('', '1', 'ä')),
    schemaUrl: maybe(fc.constantFrom('', 'https://example.com/s')),
    attributes: maybe(anyAttributes),
    droppedAttributesCount: anyCount,
  }),
});
