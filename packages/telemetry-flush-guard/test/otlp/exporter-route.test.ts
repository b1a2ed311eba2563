import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { isTracingSuppressed } from '@opentelemetry/core';
import { OTLPMetricExporter as JsonMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as GrpcTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { ConsoleSpanExporter, InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { expect } from 'chai';
import { OtlpIngestServer, REFUSING_ENDPOINT } from 'test-helpers/otlp-ingest-server';
import { describeRoutes } from 'test-helpers/otlp-route-suite';
import { otlpRouteOf } from '../../src/otlp/exporter-route.js';
import type { OtlpRoute } from '../../src/otlp/exporter-route.js';
import { EXPORTERS } from './otlp-exporters.js';

const url = `${REFUSING_ENDPOINT}/v1/traces`;

function routeOf(exporter: object): OtlpRoute | undefined {
  return otlpRouteOf(exporter, () => undefined);
}

/** An exporter with something else in one of its inner places. */
function withInner(path: readonly string[], value: unknown): object {
  const exporter = new OTLPTraceExporter({ url });
  const last = path.at(-1)!;
  let place = exporter as unknown as Record<string, unknown>;
  for (const name of path.slice(0, -1)) place = place[name] as Record<string, unknown>;
  expect(place).to.have.property(last);
  Object.defineProperty(
    place,
    last,
    typeof value === 'function' ? { get: value as () => unknown } : { value },
  );
  return exporter;
}

describe('the route of an exporter', () => {
  describeRoutes(otlpRouteOf, () => EXPORTERS);

  describe('of which something is not as it should be', () => {
    let server: OtlpIngestServer;
    beforeEach(async () => (server = await OtlpIngestServer.start()));
    afterEach(() => {
      server.close();
    });

    it('fails for now if the headers cannot be had, or not in time, and sends nothing', async () => {
      const headersOf = (headers: () => Promise<Record<string, string>>): OtlpRoute =>
        routeOf(new OTLPTraceExporter({ url: `${server.endpoint}/v1/traces`, headers }))!;
      const body = Buffer.from('{}');
      expect(await headersOf(() => Promise.reject(new Error('no token'))).send(body, 10_000)).to.deep.equal({
        outcome: 'retry',
        why: 'no token',
      });
      expect(await headersOf(() => new Promise(() => {})).send(body, 50)).to.deep.equal({
        outcome: 'retry',
        why: 'no answer within 50 ms',
      });
      expect(
        await headersOf(() => Promise.resolve({ authorization: 'of\ntwo lines' })).send(body, 10_000),
      ).to.deep.equal({
        outcome: 'retry',
        why: 'ERR_INVALID_CHAR: Invalid character in header content ["authorization"]',
      });
      expect(server.requests).to.equal(0);
    });

    it('has no endpoint if the URL cannot be understood, and fails for now', async () => {
      const route = routeOf(withInner(['_delegate', '_transport', '_transport', '_parameters', 'url'], '?'))!;
      expect(route.endpoint).to.equal(undefined);
      expect(await route.send(Buffer.from('{}'), 10_000)).to.deep.equal({
        outcome: 'retry',
        why: 'ERR_INVALID_URL: Invalid URL',
      });
    });

    it('has been delivered whatever reading the answer throws', async () => {
      const exporter = new OTLPTraceExporter({ url: `${server.endpoint}/v1/traces` });
      const route = otlpRouteOf(exporter, () => {
        throw new Error('not readable');
      })!;
      expect(await route.send(Buffer.from('{}'), 10_000)).to.deep.equal({
        outcome: 'delivered',
        why: 'not readable',
      });
    });
  });

  it('sends without being traced', async () => {
    const suppressed: boolean[] = [];
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    try {
      const headers = async (): Promise<Record<string, string>> => {
        suppressed.push(isTracingSuppressed(context.active()));
        await Promise.resolve();
        suppressed.push(isTracingSuppressed(context.active()));
        return {};
      };
      const route = routeOf(new OTLPTraceExporter({ url, headers }))!;
      await context.with(ROOT_CONTEXT, () => route.send(Buffer.from('{}'), 10_000));
      suppressed.push(isTracingSuppressed(context.active()));
    } finally {
      context.disable();
    }
    expect(suppressed).to.deep.equal([true, true, false]);
  });
});

describe('an exporter', () => {
  it('has a route when its class is another, but changes nothing that counts', () => {
    class Ours extends OTLPTraceExporter {
      readonly name = 'ours';
      hello(): string {
        return this.name;
      }
    }
    expect(routeOf(new Ours({ url }))).to.include({ format: 'json', endpoint: REFUSING_ENDPOINT });
    expect(routeOf(withInner(['_delegate', '_timeout'], 1))).to.include({ format: 'json' });
  });

  it('has none when its class exports, flushes or shuts down in its own way', () => {
    class Filters extends OTLPTraceExporter {
      override export(...[items, callback]: Parameters<OTLPTraceExporter['export']>): void {
        super.export(items.slice(1), callback);
      }
    }
    class Flushes extends OTLPTraceExporter {
      override async forceFlush(): Promise<void> {
        await super.forceFlush();
      }
    }
    class ShutsDown extends OTLPTraceExporter {
      override async shutdown(): Promise<void> {
        await super.shutdown();
      }
    }
    for (const Exporter of [Filters, Flushes, ShutsDown, class extends Filters {}])
      expect(routeOf(new Exporter({ url })), Exporter.name).to.equal(undefined);
  });

  it('has none when something was done to it, or it is made of other parts', () => {
    for (const method of ['export', 'forceFlush', 'shutdown']) {
      const exporter = new OTLPTraceExporter({ url });
      Object.assign(exporter, { [method]: () => {} });
      expect(routeOf(exporter), method).to.equal(undefined);
    }
    const inner = '_delegate _transport _transport'.split(' ');
    const real = new OTLPTraceExporter({ url }) as unknown as Record<string, object>;
    const proxy = new Proxy(real['_delegate']!, {});
    const changes: readonly (readonly [readonly string[], unknown])[] = [
      [['_delegate'], undefined],
      [['_delegate'], 'a text'],
      [['_delegate'], { export() {}, forceFlush() {}, shutdown() {}, _transport: {}, _serializer: {} }],
      [['_delegate'], proxy],
      [['_delegate', 'export'], null],
      [['_delegate', 'forceFlush'], null],
      [['_delegate', '_transport'], { send: () => Promise.resolve({ status: 'success' }) }],
      [['_delegate', '_transport', 'send'], null],
      [inner, undefined],
      [inner, { send: () => Promise.resolve({ status: 'success' }), shutdown() {} }],
      [[...inner, 'send'], null],
      [['_delegate', '_serializer'], undefined],
      [['_delegate', '_serializer'], {}],
      [['_delegate', '_serializer'], { serializeRequest: () => undefined }],
      [['_delegate', '_serializer'], { serializeRequest: () => '' }],
      [['_delegate', '_serializer'], { serializeRequest: () => Buffer.from('{"resourceMetrics":[]}') }],
    ];
    for (const [path, value] of changes)
      expect(routeOf(withInner(path, value)), path.join('.')).to.equal(undefined);
  });

  it('has none when it throws at a look', () => {
    const thrower = (): never => {
      throw new Error('do not look');
    };
    const inner = ['_delegate', '_transport', '_transport'];
    for (const path of [['_delegate'], ['_delegate', '_transport'], inner, [...inner, '_parameters']])
      expect(routeOf(withInner(path, thrower)), path.join('.')).to.equal(undefined);
    expect(routeOf(withInner(['_delegate', '_serializer'], { serializeRequest: thrower }))).to.equal(
      undefined,
    );
    expect(routeOf(Object.defineProperty({}, 'export', { get: thrower }))).to.equal(undefined);
  });

  it('has none when it is of another kind', () => {
    const real = new OTLPTraceExporter({ url });
    const handMade = {
      export: real.export.bind(real),
      forceFlush: () => real.forceFlush(),
      shutdown: () => real.shutdown(),
      _delegate: (real as unknown as Record<string, unknown>)['_delegate'],
    };
    class OTLPExporterBase {
      readonly _delegate = handMade._delegate;
      export(): void {}
      shutdown(): void {}
    }
    const others: readonly object[] = [
      handMade,
      new OTLPExporterBase(),
      new Proxy(real, {}),
      Object.create(new Proxy(real, {})) as object,
      new ConsoleSpanExporter(),
      new InMemorySpanExporter(),
      new GrpcTraceExporter(),
      new JsonMetricExporter({ url }),
      new ProtobufMetricExporter({ url }),
      {},
      () => {},
      null as unknown as object,
    ];
    for (const [index, other] of others.entries())
      expect(routeOf(other), `other ${index}`).to.equal(undefined);
  });
});
