import { decodeContext } from '../items/contexts.js';
import type { Origin } from '../items/item-codec.js';
import type { HrTime, SpanContextLike, SpanEventLike, SpanLike, SpanLinkLike } from '../items/otel-types.js';
import { HAS_IS_REMOTE, IS_REMOTE, TRACE_FLAGS } from './span-fields.js';

/** What OTLP says of a span, whatever the format. */
export interface SpanFields {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string | undefined;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** One higher than that of the API. */
  readonly kind: number;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly attributes: Record<string, unknown>;
  readonly droppedAttributesCount: number;
  readonly events: readonly SpanEventLike[];
  readonly droppedEventsCount: number;
  readonly links: readonly SpanLinkLike[];
  readonly droppedLinksCount: number;
  readonly status: SpanLike['status'];
  readonly flags: number;
}

/** Whether the context came from elsewhere; null: not told. */
export function isRemoteIn(flags: number): boolean | null {
  return (flags & HAS_IS_REMOTE) === 0 ? null : (flags & IS_REMOTE) !== 0;
}

/** A span as exporters of SDK 1.x, 2.x and 3.x read it. */
export function spanOf(fields: SpanFields, { resource, scope }: Origin): SpanLike {
  const { traceId, spanId, traceState, parentSpanId, kind, flags, ...others } = fields;
  // The flag of a remote context is that of the parent.
  const spanContext = decodeContext([traceId, spanId, flags & TRACE_FLAGS, null, traceState ?? null]);
  return {
    ...others,
    // -1 for a kind that is not given: the API has none for it.
    kind: kind - 1,
    spanContext: () => spanContext,
    ...parentOf(traceId, parentSpanId, flags),
    duration: between(fields.startTime, fields.endTime),
    ended: true,
    resource,
    instrumentationScope: scope,
    instrumentationLibrary: scope,
  };
}

/** Of the same trace. Whether it was sampled too is not told, but nearly always it is as the span. */
function parentOf(
  traceId: string,
  parentSpanId: string | undefined,
  flags: number,
): { parentSpanContext?: SpanContextLike; parentSpanId?: string } {
  // A parent without an id is known by its flag alone.
  if (parentSpanId === undefined && (flags & IS_REMOTE) === 0) return {};
  const spanId = parentSpanId ?? '';
  const parentSpanContext = decodeContext([traceId, spanId, flags & TRACE_FLAGS, isRemoteIn(flags), null]);
  return { parentSpanContext, parentSpanId: spanId };
}

const NANOS_PER_SECOND = 1_000_000_000;

function between(start: HrTime, end: HrTime): HrTime {
  const seconds = end[0] - start[0];
  const nanos = end[1] - start[1];
  return nanos < 0 ? [seconds - 1, nanos + NANOS_PER_SECOND] : [seconds, nanos];
}
