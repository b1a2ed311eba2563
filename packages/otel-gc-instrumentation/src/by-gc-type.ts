import { GC_TYPES } from 'otel-runtime-kit/gc';
import type { GcType } from 'otel-runtime-kit/gc';

/** One value for each type of collection; a frozen record. */
export function byGcType<Value>(make: (type: GcType) => Value): Readonly<Record<GcType, Value>> {
  return Object.freeze(Object.fromEntries(GC_TYPES.map(type => [type, make(type)])) as Record<GcType, Value>);
}
