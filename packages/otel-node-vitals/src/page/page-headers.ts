/**
 * Of every answer of the page. The browser may load what this process serves, and nothing else, run no inline script,
 * and put the page into no frame; so not even a hostile service name or metric could do anything.
 */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** What is sent: a status, a body and what it is. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** All headers of an answer; data of a process is never stored. */
export function headersOf({ status, type, body, headers }: Answer): Record<string, string | number> {
  return {
    ...HEADERS,
    'content-type': `${type}; charset=utf-8`,
    // Of "not modified" it would have to be the length of what is not sent (RFC 9110, 8.6).
    ...(status === 304 ? {} : { 'content-length': Buffer.byteLength(body) }),
    'cache-control': 'no-store',
    ...headers,
  };
}
