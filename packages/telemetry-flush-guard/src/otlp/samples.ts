import type { LogRecordLike, ResourceLike, SpanContextLike, SpanLike } from '../items/otel-types.js';

// Items that have all that a serializer may write in one way or another. They are written once for each exporter and never sent.

const context: SpanContextLike = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: 1,
  isRemote: true,
  traceState: { serialize: () => 'one=1,two=2' },
};

const attributes = {
  text: 'ä€😀 "\\\n\ud800',
  whole: 42,
  part: 0.1,
  negative: -7,
  large: 2 ** 40,
  yes: true,
  texts: ['a', 'b'],
  numbers: [1, 2.5],
  flags: [true, false],
  empty: '',
  none: [],
};

class SampleResource implements ResourceLike {
  readonly attributes = { 'service.name': 'shop', replicas: 3 };
  readonly schemaUrl = 'https://opentelemetry.io/schemas/1.45.0';
  readonly asyncAttributesPending = false;

  merge(): this {
    return this;
  }

  waitForAsyncAttributes(): Promise<void> {
    return Promise.resolve();
  }

  getRawAttributes(): [string, unknown][] {
    return Object.entries(this.attributes);
  }
}

const resource = new SampleResource();
const scope = { name: 'sample', version: '1.0', schemaUrl: 'https://example.com/schema' };

/** Spans. */
export function spanSamples(): readonly SpanLike[] {
  const full: SpanLike = {
    name: 'GET /orders/:id',
    kind: 2,
    spanContext: () => context,
    parentSpanContext: { ...context, spanId: '00f067aa0ba902b7' },
    parentSpanId: '00f067aa0ba902b7',
    startTime: [1_700_000_000, 999_999_999],
    endTime: [1_700_000_001, 1],
    duration: [0, 2],
    ended: true,
    status: { code: 2, message: 'no' },
    attributes,
    events: [
      { name: 'event', time: [1_700_000_000, 5], attributes: { tries: 2 }, droppedAttributesCount: 1 },
      { name: 'bare', time: [1_700_000_000, 6] },
    ],
    links: [{ context, attributes: { why: 'because' }, droppedAttributesCount: 2 }, { context }],
    resource,
    instrumentationScope: scope,
    instrumentationLibrary: scope,
    droppedAttributesCount: 3,
    droppedEventsCount: 4,
    droppedLinksCount: 5,
  };
  const bare: SpanLike = {
    ...full,
    parentSpanContext: undefined,
    parentSpanId: undefined,
    kind: 0,
    status: { code: 0 },
    attributes: {},
    events: [],
    links: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
  return [full, bare];
}

/** Log records. */
export function logSamples(): readonly LogRecordLike[] {
  const full: LogRecordLike = {
    hrTime: [1_700_000_000, 1],
    hrTimeObserved: [1_700_000_000, 2],
    spanContext: context,
    severityText: 'INFO',
    severityNumber: 9,
    body: { message: 'hello', list: [1, 'two', { three: 3 }], bytes: new Uint8Array([0, 255]) },
    eventName: 'user.login',
    resource,
    instrumentationScope: { ...scope, attributes: { library: 'yes' } },
    attributes: { ...attributes, map: { deep: [null, 1] } },
    droppedAttributesCount: 1,
  };
  const bare: LogRecordLike = {
    ...full,
    spanContext: undefined,
    severityText: undefined,
    severityNumber: undefined,
    eventName: undefined,
    body: 'plain',
    attributes: {},
    droppedAttributesCount: 0,
    instrumentationScope: scope,
  };
  return [full, bare];
}
