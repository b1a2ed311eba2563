import { numberIn } from './plain-numbers.js';
import type { SpanLike } from '../items/otel-types.js';

// What both formats say of a span in the same way.

export const NONE: readonly never[] = [];

/** https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto, SpanFlags */
export const TRACE_FLAGS = 0xff;
export const HAS_IS_REMOTE = 0x100;
export const IS_REMOTE = 0x200;

export function flagsOf(traceFlags: number, isRemote: boolean | undefined): number {
  return ((numberIn(traceFlags) ?? 0) & TRACE_FLAGS) | HAS_IS_REMOTE | (isRemote ? IS_REMOTE : 0);
}

/** OTLP has 0 for a kind that is not given, and so the kinds of the API one higher. */
export function kindOf(span: SpanLike): number {
  const kind = numberIn(span.kind);
  return kind === undefined || kind === null ? 0 : kind + 1;
}

/** As SDK 1.x has it, or as later ones have. */
export function parentIdOf(span: SpanLike): string | undefined {
  // An application in plain JavaScript may have null there.
  const parent = span.parentSpanContext as SpanLike['parentSpanContext'] | null;
  return parent === undefined || parent === null ? span.parentSpanId : parent.spanId;
}
