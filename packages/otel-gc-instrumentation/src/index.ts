export { GcInstrumentation } from './gc-instrumentation.js';
export type { GcOptions } from './options.js';
export type { GcCount, GcHeapEffects, GcPauses, GcSummary } from './gc-summary.js';
export type { GcSourceState, GcType, HeapEffectState, PauseState } from 'otel-runtime-kit/gc';
