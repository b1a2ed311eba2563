import type { IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { formatOf } from './otlp-replies.js';
import type { OtlpFormat } from './otlp-replies.js';
import { readOtlpRequest } from './otlp-requests.js';
import type { OtlpSignal, ReadItem } from './otlp-requests.js';

/** A request of OTLP, read. */
export interface ReadRequest {
  readonly signal: OtlpSignal;
  readonly format: OtlpFormat;
  readonly items: readonly ReadItem[];
  /** Of the body, not compressed. */
  readonly length: number;
}

const SIGNALS_BY_PATH: Readonly<Record<string, OtlpSignal>> = {
  '/v1/traces': 'traces',
  '/v1/logs': 'logs',
  '/v1/metrics': 'metrics',
};

/** Reads a request; or says what to answer, if it is none. */
export function readIngestRequest(
  path: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): ReadRequest | { readonly status: number; readonly format: OtlpFormat; readonly message: string } {
  const signal = SIGNALS_BY_PATH[path];
  const format = formatOf(headers['content-type']);
  if (signal === undefined) return { status: 404, format: format ?? 'json', message: 'no such path' };
  if (format === undefined) return { status: 415, format: 'json', message: 'neither JSON nor protobuf' };
  try {
    const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    return { signal, format, items: readOtlpRequest(plain, signal, format), length: plain.length };
  } catch (thrown) {
    return { status: 400, format, message: String(thrown) };
  }
}
