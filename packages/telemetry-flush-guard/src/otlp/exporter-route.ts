import { types } from 'node:util';
import type { Attempt } from '../delivery/attempt.js';
import { untraced } from '../delivery/send.js';
import { attemptOfResponse } from './exporter-answer.js';
import { partsOf } from './exporter-parts.js';
import type { ExporterParts, SerializerLike, TransportLike } from './exporter-parts.js';
import type { RejectedIn } from './http-answer.js';
import { wordsOfError } from './http-words.js';

/** The way of an exporter to its endpoint: its own URL, headers, credentials, TLS, agent, proxy and compression, which are not seen. */
export interface OtlpRoute {
  readonly format: 'json' | 'protobuf';
  /** What all lanes to the same endpoint share: scheme, host and port; undefined if it cannot be seen. */
  readonly endpoint: string | undefined;
  /**
   * Asks its transport once, without its retries. Never rejects.
   *
   * @param body must not be written to again, not even when this has settled: after the time is over it may still be read
   */
  send(body: Uint8Array, timeoutMillis: number): Promise<Attempt>;
  /** The exporter's own bytes for these items: to compare. Undefined if it has none. */
  serialize(items: readonly unknown[]): Uint8Array | undefined;
}

/** The requests of its serializer for no items, as JSON. */
const EMPTY_JSON: ReadonlySet<string> = new Set(['{"resourceSpans":[]}', '{"resourceLogs":[]}']);

/**
 * The route of an exporter of spans or log records, if it is one of OTLP over HTTP and nobody has changed it; else undefined. Never
 * throws.
 *
 * @param rejectedIn of the format that the route has
 */
export function otlpRouteOf(
  exporter: object,
  rejectedIn: (body: Uint8Array, format: OtlpRoute['format']) => ReturnType<RejectedIn>,
): OtlpRoute | undefined {
  try {
    const parts = partsOf(exporter);
    const format = parts && formatOf(parts.serializer);
    return parts && format && routeOf(parts, format, body => rejectedIn(body, format));
  } catch {
    return undefined;
  }
}

/** The route of an exporter of metrics, as {@link otlpRouteOf}: its own serializer writes what is sent. */
export interface OtlpMetricRoute extends Pick<OtlpRoute, 'endpoint'> {
  /** Never rejects. @param metrics what its SDK calls ResourceMetrics */
  send(metrics: object, timeoutMillis: number): Promise<Attempt>;
}

/** An answer of its serializer to no metrics begins so, as JSON. */
const METRICS_JSON = '{"resourceMetrics":[';

/** As {@link otlpRouteOf}, for metrics. */
export function otlpMetricRouteOf(
  exporter: object,
  rejectedIn: (body: Uint8Array, format: OtlpRoute['format']) => ReturnType<RejectedIn>,
): OtlpMetricRoute | undefined {
  try {
    const parts = partsOf(exporter);
    const format = parts && metricFormatOf(parts.serializer);
    if (parts === undefined || format === undefined) return undefined;
    const { serializer, transport, url } = parts;
    return {
      endpoint: endpointOf(url),
      async send(metrics, timeoutMillis) {
        let body: Uint8Array | undefined;
        try {
          body = bytesOf(serializer, metrics);
        } catch (thrown) {
          return { outcome: 'refused', why: wordsOfError(thrown) };
        }
        if (body === undefined) return { outcome: 'refused', why: 'it makes no request of them' };
        return sendOnce(transport, body, timeoutMillis, answer => rejectedIn(answer, format));
      },
    };
  } catch {
    return undefined;
  }
}

function metricFormatOf(serializer: SerializerLike): OtlpRoute['format'] | undefined {
  const bytes = bytesOf(serializer, { resource: { attributes: {} }, scopeMetrics: [] });
  if (bytes === undefined || bytes.byteLength === 0) return undefined;
  return Buffer.from(bytes).toString('latin1').startsWith(METRICS_JSON) ? 'json' : 'protobuf';
}

function routeOf(
  { serializer, transport, url }: ExporterParts,
  format: OtlpRoute['format'],
  rejectedIn: RejectedIn,
): OtlpRoute {
  return {
    format,
    endpoint: endpointOf(url),
    send: (body, timeoutMillis) => sendOnce(transport, body, timeoutMillis, rejectedIn),
    serialize(items) {
      try {
        return bytesOf(serializer, items);
      } catch {
        return undefined;
      }
    },
  };
}

/** The transport's own time is of silence, and starts after the headers have been asked for: whoever gives them may take for ever. */
async function sendOnce(
  transport: TransportLike,
  body: Uint8Array,
  timeoutMillis: number,
  rejectedIn: RejectedIn,
): Promise<Attempt> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Attempt>(resolve => {
    timer = setTimeout(() => {
      resolve({ outcome: 'retry', why: `no answer within ${timeoutMillis} ms` });
    }, timeoutMillis);
    timer.unref();
  });
  const asking = async (): Promise<Attempt> => {
    try {
      return attemptOfResponse(await untraced(() => transport.send(body, timeoutMillis)), rejectedIn);
    } catch (thrown) {
      return { outcome: 'retry', why: wordsOfError(thrown) };
    }
  };
  const attempt = await Promise.race([asking(), timeout]);
  clearTimeout(timer);
  return attempt;
}

/** By what it makes of nothing: JSON has words for it, protobuf has not. Exporters of metrics cannot take a list at all. */
function formatOf(serializer: SerializerLike): OtlpRoute['format'] | undefined {
  const bytes = bytesOf(serializer, []);
  if (bytes?.byteLength === 0) return 'protobuf';
  return EMPTY_JSON.has(Buffer.from(bytes ?? []).toString()) ? 'json' : undefined;
}

function bytesOf(serializer: SerializerLike, items: object): Uint8Array | undefined {
  const bytes = serializer.serializeRequest(items);
  return types.isUint8Array(bytes) ? bytes : undefined;
}

/** Without what may be a secret in it. */
function endpointOf(url: string | undefined): string | undefined {
  const parsed = url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
  return parsed?.protocol === 'http:' || parsed?.protocol === 'https:' ? parsed.origin : undefined;
}
