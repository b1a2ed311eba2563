/** What the environment says of the endpoint for a signal. */
export interface OtlpEnvironment {
  /** With its path; undefined if none is named. */
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: 'gzip' | 'none';
  /** For a request; undefined if it says nothing. */
  readonly timeoutMillis: number | undefined;
  /** What was ignored, by the name of its variable. Values are not repeated: there are credentials in them. */
  readonly warnings: readonly string[];
}

const SIGNALS = {
  span: { word: 'TRACES', path: 'v1/traces' },
  log: { word: 'LOGS', path: 'v1/logs' },
  metric: { word: 'METRICS', path: 'v1/metrics' },
} as const;

type Read<Value> = (text: string, name: string) => { readonly value: Value } | { readonly warning: string };

/**
 * Reads `OTEL_EXPORTER_OTLP_{ENDPOINT,HEADERS,COMPRESSION,TIMEOUT}` and those of the signal, `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` and so
 * on, which count more (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). An endpoint of the signal is taken as it is, the
 * one of all signals gets the signal's path. What is wrong is ignored, with a warning.
 */
export function environmentOf(
  signal: keyof typeof SIGNALS,
  env: Readonly<Record<string, string | undefined>>,
): OtlpEnvironment {
  const { word, path } = SIGNALS[signal];
  const warnings: string[] = [];
  const read = <Value>(name: string, reader: Read<Value>): Value | undefined => {
    const text = env[name]?.trim() ?? '';
    if (text === '') return undefined;
    const result = reader(text, name);
    if ('value' in result) return result.value;
    warnings.push(result.warning);
    return undefined;
  };
  /** That of the signal, else that of all signals. */
  const either = <Value>(what: string, reader: Read<Value>): Value | undefined =>
    read(`OTEL_EXPORTER_OTLP_${word}_${what}`, reader) ?? read(`OTEL_EXPORTER_OTLP_${what}`, reader);
  const headersIn = (name: string): Record<string, string> => {
    const { headers, problems } = readHeaders(env[name] ?? '');
    warnings.push(...problems.map(problem => `${name}: ${problem}, and is ignored`));
    return headers;
  };
  return {
    url:
      read(`OTEL_EXPORTER_OTLP_${word}_ENDPOINT`, urlReader('')) ??
      read('OTEL_EXPORTER_OTLP_ENDPOINT', urlReader(path)),
    headers: {
      ...headersIn('OTEL_EXPORTER_OTLP_HEADERS'),
      ...headersIn(`OTEL_EXPORTER_OTLP_${word}_HEADERS`),
    },
    compression: either('COMPRESSION', readCompression) ?? 'none',
    timeoutMillis: either('TIMEOUT', readTimeout),
    warnings,
  };
}

/** @param path what is put behind the path of the URL */
function urlReader(path: string): Read<string> {
  return (text, name) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
      return { warning: `${name} is no URL of http or https, and is ignored` };
    if (path !== '') url.pathname = url.pathname.replace(/\/*$/, `/${path}`);
    return { value: url.href };
  };
}

const readCompression: Read<'gzip' | 'none'> = (text, name) =>
  text === 'gzip' || text === 'none'
    ? { value: text }
    : { warning: `${name} is neither gzip nor none, and is ignored` };

const readTimeout: Read<number> = (text, name) => {
  const millis = Number(text);
  return Number.isFinite(millis) && millis > 0
    ? { value: millis }
    : { warning: `${name} is no number of milliseconds above 0, and is ignored` };
};

/** `key1=value1,key2=value%202`: as in a `baggage` header, of which what follows a semicolon has no meaning here. */
function readHeaders(text: string): { headers: Record<string, string>; problems: string[] } {
  const headers: Record<string, string> = {};
  const problems: string[] = [];
  for (const [index, entry] of text.split(',').entries()) {
    const [pair = ''] = entry.split(';');
    if (pair.trim() === '') continue;
    const separator = pair.indexOf('=');
    const key = decoded(pair.slice(0, Math.max(0, separator)).trim());
    const value = decoded(pair.slice(separator + 1).trim());
    if (key === undefined || value === undefined || !isHeader(key, value))
      problems.push(`pair ${index + 1} is no key=value of a header`);
    else headers[key] = value;
  }
  return { headers, problems };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** A request with anything else in its head cannot be sent at all. */
function isHeader(key: string, value: string): boolean {
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(key) && /^[\t\x20-\x7e\x80-\xff]+$/.test(value);
}
