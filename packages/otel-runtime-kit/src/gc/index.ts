export { GC_READINGS, GcSource } from './gc-source.js';
export type { GcSourceOptions } from './gc-source.js';
export type { GcPause } from './gc-pause.js';
export type {
  GcSourceState,
  GcSubscriber,
  GcTotals,
  HeapEffectState,
  LiveHeap,
  PauseState,
} from './gc-source-types.js';
export { GC_TYPES } from './gc-type.js';
export type { GcType } from './gc-type.js';
