import { expect } from 'chai';
import type { AttemptLike, Format, RouteLike, RouteOf } from './guard-otlp.js';
import { OtlpIngestServer, REFUSING_ENDPOINT } from './otlp-ingest-server.js';

/** What the exporters of OTLP over HTTP are told. */
export interface ExporterConfig {
  readonly url: string;
  readonly headers?: Record<string, string> | (() => Promise<Record<string, string>>);
  readonly compression?: 'gzip' | 'none';
}

interface Serializer {
  serializeRequest(items: never): Uint8Array | undefined;
  deserializeResponse(body: Uint8Array): {
    readonly partialSuccess?: {
      readonly errorMessage?: string;
      /** As JSON, texts. */
      readonly rejectedSpans?: number | string;
      readonly rejectedLogRecords?: number | string;
    };
  };
}

/** An exporter of a line of the SDK, with items for it. */
export interface ExporterUnderTest {
  readonly signal: 'traces' | 'logs';
  readonly format: Format;
  /** Called {@link ITEM_NAMES}. */
  readonly items: readonly unknown[];
  readonly serializer: Serializer;
  readonly make: (config: ExporterConfig) => object;
}

const TIMEOUT_MILLIS = 10_000;

/** A name for each item. */
export const ITEM_NAMES = ['first', 'second', 'third'] as const;

/** Every mood with an answer, and what an attempt comes to in it. */
const OUTCOMES: readonly {
  readonly name: string;
  readonly mood: OtlpIngestServer['mood'];
  readonly set?: Partial<OtlpIngestServer>;
  readonly attempt: AttemptLike;
  readonly taken: readonly string[];
}[] = [
  { name: 'takes it', mood: 'up', attempt: { outcome: 'delivered' }, taken: ITEM_NAMES },
  {
    name: 'takes it and answers late',
    mood: 'slow',
    set: { slowMillis: 50 },
    attempt: { outcome: 'delivered' },
    taken: ITEM_NAMES,
  },
  {
    name: 'takes a part of it',
    mood: 'partial',
    set: { rejects: 2 },
    attempt: { outcome: 'delivered', rejected: 2, why: 'not these' },
    taken: ['third'],
  },
  {
    name: 'says 500',
    mood: 'error',
    attempt: { outcome: 'retry', why: 'HTTP 500: a bug' },
    taken: [],
  },
  {
    name: 'says 401',
    mood: 'unauthorized',
    attempt: { outcome: 'retry', why: 'HTTP 401: who is that?' },
    taken: [],
  },
  {
    name: 'says 503 and when to come again',
    mood: 'unavailable',
    attempt: { outcome: 'retry', why: 'HTTP 429, 502, 503 or 504', afterMillis: 30_000 },
    taken: [],
  },
  {
    name: 'says 429 and nothing more',
    mood: 'too many',
    set: { retryAfter: undefined },
    attempt: { outcome: 'retry', why: 'HTTP 429, 502, 503 or 504' },
    taken: [],
  },
  {
    name: 'says 429 and to come again at once',
    mood: 'too many',
    set: { retryAfter: '0' },
    attempt: { outcome: 'retry', why: 'HTTP 429, 502, 503 or 504', afterMillis: 0 },
    taken: [],
  },
  {
    name: 'says 503 and to come again in a year',
    mood: 'unavailable',
    set: { retryAfter: '31536000' },
    attempt: { outcome: 'retry', why: 'HTTP 429, 502, 503 or 504', afterMillis: 86_400_000 },
    taken: [],
  },
  {
    name: 'says 413',
    mood: 'too large',
    set: { maximumBytes: 10 },
    attempt: { outcome: 'too_large', why: 'HTTP 413: more than 10 bytes' },
    taken: [],
  },
  {
    name: 'says 400',
    mood: 'refusing',
    set: { refused: new Set(['second']) },
    attempt: { outcome: 'refused', why: 'HTTP 400: something in it is wrong' },
    taken: [],
  },
  {
    name: 'resets the connection while it is sent',
    mood: 'reset',
    attempt: { outcome: 'retry', why: 'read ECONNRESET' },
    taken: [],
  },
  {
    name: 'takes it and resets the connection',
    mood: 'reset after',
    attempt: { outcome: 'retry', why: 'read ECONNRESET' },
    taken: ITEM_NAMES,
  },
];

/** What `otlpRouteOf` must do with the exporters of every line. */
export function describeRoutes(routeOf: RouteOf, exporters: () => readonly ExporterUnderTest[]): void {
  let server: OtlpIngestServer;
  beforeEach(async () => (server = await OtlpIngestServer.start()));
  afterEach(() => {
    server.close();
  });

  const routeTo = (under: ExporterUnderTest, config: Partial<ExporterConfig> = {}): RouteLike => {
    const rejectedIn = (body: Uint8Array, format: Format): ReturnType<Parameters<RouteOf>[1]> => {
      expect(format).to.equal(under.format);
      const { partialSuccess } = under.serializer.deserializeResponse(body);
      const { rejectedSpans, rejectedLogRecords, errorMessage = '' } = partialSuccess ?? {};
      const count = Number(rejectedSpans ?? rejectedLogRecords ?? 0);
      return partialSuccess && { count, message: errorMessage };
    };
    const url = `${server.endpoint}/v1/${under.signal}`;
    return routeOf(under.make({ url, ...config }), rejectedIn)!;
  };
  const bytesOf = ({ serializer, items }: ExporterUnderTest): Uint8Array =>
    serializer.serializeRequest(items as never)!;
  const taken = ({ signal }: ExporterUnderTest): Map<string, number> =>
    server.received[signal === 'traces' ? 'spans' : 'logs'];

  for (const { name, mood, set = {}, attempt, taken: names } of OUTCOMES) {
    it(`tells, with one request, what has become of it when the endpoint ${name}`, async () => {
      const { refused, ...settings } = set;
      Object.assign(server, settings);
      for (const label of refused ?? []) server.refused.add(label);
      for (const under of exporters()) {
        const what = `${under.signal} as ${under.format}`;
        taken(under).clear();
        server.log.length = 0;
        server.mood = mood;
        expect(await routeTo(under).send(bytesOf(under), TIMEOUT_MILLIS), what).to.deep.equal(attempt);
        expect(server.log, what).to.have.length(1);
        expect(server.log[0]!.path).to.equal(`/v1/${under.signal}`);
        expect([...taken(under)], what).to.deep.equal(names.map(label => [label, 1]));
      }
    });
  }

  for (const mood of ['never', 'black hole'] as const) {
    it(`does not wait longer than it may when the endpoint is in the mood "${mood}"`, async () => {
      for (const under of exporters()) {
        server.mood = mood;
        expect(await routeTo(under).send(bytesOf(under), 100)).to.deep.equal({
          outcome: 'retry',
          why: 'no answer within 100 ms',
        });
      }
      expect(server.requests).to.equal(mood === 'never' ? exporters().length : 0);
    });
  }

  it('names the error when nobody listens', async () => {
    for (const under of exporters()) {
      const route = routeTo(under, { url: `${REFUSING_ENDPOINT}/v1/${under.signal}` });
      expect(await route.send(bytesOf(under), TIMEOUT_MILLIS)).to.deep.equal({
        outcome: 'retry',
        why: 'connect ECONNREFUSED 127.0.0.1:1',
      });
    }
  });

  it('knows the format and the endpoint, and gives the bytes that the exporter would send', () => {
    for (const under of exporters()) {
      const url = `${server.endpoint.replace('//', '//me:secret@')}/v1/${under.signal}?key=secret`;
      const route = routeTo(under, { url });
      expect(route.format).to.equal(under.format);
      expect(route.endpoint).to.equal(server.endpoint);
      expect(Buffer.compare(route.serialize(under.items)!, bytesOf(under))).to.equal(0);
      expect(route.serialize(null as never)).to.equal(undefined);
    }
    expect(exporters().map(({ signal, format }) => `${signal} ${format}`)).to.have.members([
      'traces json',
      'traces protobuf',
      'logs json',
      'logs protobuf',
    ]);
  });

  it('asks for the headers at each request, and sends them, compressed as the exporter was told', async () => {
    for (const under of exporters()) {
      server.log.length = 0;
      let asked = 0;
      const route = routeTo(under, {
        compression: 'gzip',
        headers: async () => {
          await Promise.resolve();
          return { authorization: `Bearer ${(asked += 1)}` };
        },
      });
      expect(asked).to.equal(0);
      for (let round = 0; round < 2; round += 1)
        expect(await route.send(bytesOf(under), TIMEOUT_MILLIS)).to.deep.equal({ outcome: 'delivered' });
      const sent = server.log.map(({ headers }) => [headers.authorization, headers['content-encoding']]);
      expect(sent).to.deep.equal([
        ['Bearer 1', 'gzip'],
        ['Bearer 2', 'gzip'],
      ]);
      expect(server.log[0]!.items).to.deep.equal(ITEM_NAMES);
    }
  });
}
