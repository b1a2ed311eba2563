/**
 * A process that makes spans and sends them: through the SDK's batch processor or through the guard. Not one of `bench.ts`, as only one of
 * the two is to be loaded.
 *
 * Arguments: its name (one of `span-cost.ts`), the format, the URL of the endpoint, and the folder of the spool.
 */
import { SpanKind } from '@opentelemetry/api';
import type { Attributes, Tracer } from '@opentelemetry/api';
import type * as TraceExporter from '@opentelemetry/exporter-trace-otlp-http';
import type * as Sdk from '@opentelemetry/sdk-trace-base';
import type * as FlushGuard from 'telemetry-flush-guard';
import { requireOf } from 'test-helpers/sdk-line';
import { serveSetting } from './harness/remote-setting.js';
import { EXPORTERS, GUARDED, SPANS, WARM_UP_SPANS, isFormat } from './span-roles.js';
import type { SpanFigures } from './span-roles.js';

/** As many as are sent with one request. */
const BATCH = 512;

function provider(name: string, format: string, url: string, dir: string): Sdk.BasicTracerProvider {
  if (!isFormat(format)) throw new RangeError(`no format "${format}"`);
  const load = requireOf(2);
  const { BasicTracerProvider, BatchSpanProcessor } = load('@opentelemetry/sdk-trace-base') as typeof Sdk;
  const { OTLPTraceExporter } = load(EXPORTERS[format]) as typeof TraceExporter;
  const exporter = new OTLPTraceExporter({ url });
  if (name !== GUARDED)
    return new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  const { createFlushGuard } = load('telemetry-flush-guard') as typeof FlushGuard;
  return new BasicTracerProvider({ spanProcessors: [createFlushGuard({ dir }).spanProcessor(exporter)] });
}

/** What an instrumentation of an HTTP server notes of a request. */
function attributesOf(request: number): Attributes {
  return {
    'http.request.method': 'GET',
    'http.route': '/orders/:id',
    'http.response.status_code': request % 50 === 0 ? 404 : 200,
    'url.path': `/orders/${request}`,
    'url.scheme': 'https',
    'server.address': 'orders.example.com',
    'server.port': 443,
    'client.address': `10.0.${request % 256}.${(request >> 8) % 256}`,
    'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
    'network.protocol.version': '1.1',
  };
}

let made = 0;
function makeSpans(tracer: Tracer, count: number): void {
  for (let end = made + count; made < end; made += 1) {
    tracer.startSpan('GET /orders/:id', { kind: SpanKind.SERVER, attributes: attributesOf(made) }).end();
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function main([name = '', format = '', url = '', dir = '']: readonly string[]): Promise<void> {
  process.on('disconnect', () => process.exit(0));
  const spans = provider(name, format, url, dir);
  const tracer = spans.getTracer('bench');
  const send = async (count: number): Promise<void> => {
    for (let sent = 0; sent < count; sent += BATCH) {
      makeSpans(tracer, BATCH);
      await spans.forceFlush();
    }
  };
  // Until everything is compiled that is going to be: that takes some 100,000.
  await send(WARM_UP_SPANS);
  const measure = async (): Promise<SpanFigures> => {
    const startMillis = performance.now();
    const startCpu = cpuSeconds();
    await send(SPANS);
    return { cpu: (cpuSeconds() - startCpu) / SPANS, time: (performance.now() - startMillis) / 1000 / SPANS };
  };
  serveSetting({ facts: {}, candidates: [{ name: 'spans', measure }] });
}

void main(process.argv.slice(2));
