import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  createTraceState,
  trace,
} from '@opentelemetry/api';
import type { Attributes, Context, Tracer } from '@opentelemetry/api';

/** A `TracerProvider` of any SDK. */
interface TracersUnderTest {
  getTracer(name: string, version?: string, options?: { schemaUrl?: string }): Tracer;
}

interface SampleRecord {
  readonly body?: unknown;
  readonly eventName?: string;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly timestamp?: [number, number];
  readonly observedTimestamp?: [number, number];
  readonly attributes?: Record<string, unknown>;
  readonly exception?: unknown;
  readonly context?: Context;
}

/** A `LoggerProvider` of any SDK. */
interface LoggersUnderTest {
  getLogger(
    name: string,
    version?: string,
    options?: { schemaUrl?: string; attributes?: Attributes },
  ): { emit(record: never): void };
}

/** Few enough that {@link emitSpans} has more of everything on one span. */
export const SAMPLE_SPAN_LIMITS = {
  attributeCountLimit: 24,
  eventCountLimit: 4,
  linkCountLimit: 2,
  attributePerEventCountLimit: 3,
  attributePerLinkCountLimit: 1,
};

/** Few enough that {@link emitLogs} has more on one record. */
export const SAMPLE_LOG_LIMITS = { attributeCountLimit: 24 };

export const SAMPLE_RESOURCE = {
  attributes: { 'service.name': 'shop', 'service.version': '1.2', ports: [1, 2], 'is.test': true },
  schemaUrl: 'https://opentelemetry.io/schemas/1.45.0',
};

/** What attributes of every SDK may be. */
const SIMPLE = {
  text: 'ä€😀 \u0000 \ud800',
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
  gaps: ['a', null, undefined, 'b'],
  none: [],
};

/** What attributes of log records may be, and of spans since SDK 3.x: earlier ones leave it out. */
const STRUCTURED = {
  bytes: new Uint8Array([0, 255, 128]),
  buffer: Buffer.from('buffer'),
  map: { deep: [null, { er: [1, -0, NaN] }], $: 'a dollar', bytes: new Uint8Array([7]) },
  mixed: [1, 'two', false, null, undefined, [3]],
  null: null,
  undefined: undefined,
};

const everything = { ...SIMPLE, ...STRUCTURED } as unknown as Attributes;

const tooMany: Attributes = Object.fromEntries(
  Array.from({ length: 30 }, (_, index) => [`attribute ${index}`, index]),
);

const remote = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
  traceState: createTraceState('one=1,two=a b'),
};

/** How many spans {@link emitSpans} makes. */
export const SAMPLE_SPANS = 9;

/**
 * Spans of every kind, with all that a span can have: attributes, events, links, a status, a remote parent with a trace state, and more
 * than the limits allow. The first and the second are from the same tracer.
 */
export function emitSpans(provider: TracersUnderTest): void {
  const tracer = provider.getTracer('a tracer', '3.4', { schemaUrl: 'https://example.com/schema' });
  const parent = trace.setSpanContext(ROOT_CONTEXT, remote);
  const server = tracer.startSpan(
    'with everything',
    { kind: SpanKind.SERVER, attributes: everything, links: [{ context: remote, attributes: everything }] },
    parent,
  );
  server.addEvent('an event', { tries: 2, why: NaN }, [1_700_000_000, 999_999_999]);
  server.addEvent('another');
  server.addLink({ context: { ...remote, isRemote: false } });
  server.recordException(new TypeError('went wrong'));
  server.setStatus({ code: SpanStatusCode.ERROR, message: 'no' });
  server.end();
  tracer.startSpan('with nothing', { root: true }).end();
  const inside = trace.setSpan(ROOT_CONTEXT, server);
  const internal = tracer.startSpan('inside', {}, inside);
  internal.setStatus({ code: SpanStatusCode.OK });
  internal.end([1_800_000_000, 1]);

  const limited = tracer.startSpan('with too much', { kind: SpanKind.CONSUMER, attributes: tooMany }, inside);
  for (let index = 0; index < 6; index += 1) {
    limited.addEvent(`event ${index}`, tooMany);
    limited.addLink({ context: remote, attributes: tooMany });
  }
  limited.setAttributes({ 'one more': 1 });
  limited.setStatus({ code: SpanStatusCode.ERROR });
  limited.end();

  const others = provider.getTracer('another tracer');
  others
    .startSpan('POST', {
      kind: SpanKind.CLIENT,
      attributes: {
        'http.request.method': 'POST',
        'url.full': 'https://pay.example:8443/v1/charge?id=7',
        'http.response.status_code': 503,
        'server.address': 'pay.example',
        'server.port': 8443,
      },
    })
    .end();
  others
    .startSpan(
      'query',
      {
        kind: SpanKind.CLIENT,
        attributes: {
          'db.system': 'postgresql',
          'db.name': 'shop',
          'db.statement': 'SELECT 1',
          'net.peer.name': 'db.example',
        },
      },
      inside,
    )
    .end();
  others
    .startSpan('send', { kind: SpanKind.PRODUCER, attributes: { 'messaging.system': 'kafka' } }, inside)
    .end();
  others
    .startSpan(
      'GET',
      {
        kind: SpanKind.SERVER,
        attributes: {
          'http.method': 'GET',
          'http.url': 'http://shop.example/cart',
          'http.route': '/cart',
          'http.status_code': 404,
          'http.user_agent': 'curl/8',
          'http.client_ip': '192.0.2.7',
          'enduser.id': 'somebody',
        },
      },
      parent,
    )
    .end();
  others
    .startSpan('call', {
      kind: SpanKind.CLIENT,
      attributes: { 'rpc.system': 'grpc', 'rpc.grpc.status_code': 14 },
    })
    .end();
}

/** What a log record may say. The last ones are none of the types, and nobody refuses them. */
export const SAMPLE_BODIES: readonly unknown[] = [
  'a line',
  '',
  0,
  -0,
  1.5,
  NaN,
  2 ** 53,
  true,
  false,
  null,
  undefined,
  new Uint8Array([0, 255]),
  Buffer.from('a buffer'),
  [],
  [1, 'two', new Uint8Array([3]), [null, undefined]],
  {},
  {
    structured: [1, 'two', new Uint8Array([3]), Buffer.from('x')],
    nothing: null,
    not: undefined,
    $: { $: 1 },
  },
  new Date(1_700_000_000_000),
  { at: new Date(1_700_000_000_000), where: new URL('https://example.com/a?b') },
  Object.assign(new RangeError('too far', { cause: new Error('why') }), { code: 'E_FAR' }),
];

/** How many log records {@link emitLogs} makes. */
export const SAMPLE_LOGS = SAMPLE_BODIES.length + 6;

/** Log records with every kind of body, and one with all that a record can have first. */
export function emitLogs(provider: LoggersUnderTest): void {
  const logger = provider.getLogger('a logger', '5', { attributes: { area: 'tests' } });
  const emit = (record: SampleRecord): void => {
    logger.emit(record as never);
  };
  const { traceId, spanId, traceFlags } = remote;
  const context = trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags });
  emit({
    context,
    body: 'a line',
    eventName: 'an.event',
    severityNumber: 13,
    severityText: 'WARN',
    timestamp: [1_700_000_000, 123_456_789],
    observedTimestamp: [1_700_000_001, 1],
    attributes: everything,
  });
  emit({ attributes: tooMany, severityNumber: 1 });
  emit({ body: 'failed', severityNumber: 17, exception: new TypeError('went wrong'), context });
  emit({
    severityNumber: 9,
    attributes: { 'microsoft.custom_event.name': 'bought', 'microsoft.client.ip': '192.0.2.7', items: 3 },
  });
  emit({
    body: { name: 'a page', url: 'https://shop.example/', measurements: { loaded: 12.5 } },
    attributes: { '_MS.baseType': 'PageViewData' },
  });
  for (const body of SAMPLE_BODIES) emit({ body });
  provider.getLogger('another logger').emit({ body: 'elsewhere' } as never);
}
