/** The SDK's own processor, the same once more for the A/A control, and the guard in its place. */
export const [BATCHED, BATCHED_AGAIN, GUARDED] = ['batched', 'batched again', 'guarded'] as const;

/** All three. */
export const SPAN_SETTINGS = [BATCHED, BATCHED_AGAIN, GUARDED] as const;

/** The exporters of OTLP over HTTP, by what they send. */
export const EXPORTERS = {
  JSON: '@opentelemetry/exporter-trace-otlp-http',
  protobuf: '@opentelemetry/exporter-trace-otlp-proto',
} as const;

export type Format = keyof typeof EXPORTERS;

export function isFormat(text: string): text is Format {
  return Object.hasOwn(EXPORTERS, text);
}

/** Spans of one measurement. */
export const SPANS = 16_384;

/** Spans before the first measurement. */
export const WARM_UP_SPANS = 8 * SPANS;

// A type alias, not an interface, as it travels as a sample: a record of numbers.

/** Seconds a span: of all threads of the process, and of the clock. */
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type SpanFigures = { readonly cpu: number; readonly time: number };
