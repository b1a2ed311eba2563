import { PerformanceObserver } from 'node:perf_hooks';
import v8 from 'node:v8';
import type { Cancel } from '../sampling/index.js';
import type { GcPerformanceEntry } from './gc-pause.js';

/** Used bytes at one moment, as a record of `v8.GCProfiler` states them. */
export interface HeapMoment {
  readonly heapStatistics: {
    readonly usedHeapSize: number;
    /** Outside of the heap, held by objects on it. */
    readonly externalMemory?: number;
  };
  readonly heapSpaceStatistics: readonly { readonly spaceName: string; readonly spaceUsedSize: number }[];
}

/** One record of `v8.GCProfiler`. */
export interface GcRecord {
  readonly gcType: string;
  /** Microseconds. */
  readonly cost: number;
  readonly beforeGC: HeapMoment;
  readonly afterGC: HeapMoment;
}

/** A started `v8.GCProfiler`. To V8 it goes on recording, stopped or not, until it is itself collected. */
export interface GcRecording {
  /** Ends it and hands out its records. */
  stop(): readonly GcRecord[];
  /** Calls back, once, some time after it has been collected. */
  onCollected(callback: () => void): void;
}

/** What the runtime has to tell of garbage collections; tests put their own in its place. */
export interface GcPlatform {
  /** Calls back with each batch of entries until cancelled. */
  observe(onEntries: (entries: readonly GcPerformanceEntry[]) => void): Cancel;
  /** Starts recording heap effects; absent where there is no `v8.GCProfiler`. */
  readonly startRecording?: (() => GcRecording) | undefined;
  /** Bytes in use on the heap now. */
  usedHeapBytes(): number;
  /** Makes V8 begin a major collection soon. */
  provokeMajorGc(): void;
}

/**
 * V8 begins a major collection when memory outside of the heap has grown by 64 MiB since the last (kExternalAllocationSoftLimit,
 * v8/include/v8-internal.h). A buffer that nobody touches takes address space alone: its pages are never made.
 */
const PROVOKING_BYTES = 65 * 1024 * 1024;

/** As of ES2024, in every Node.js from 20 on; the types are older. */
const ResizableArrayBuffer = ArrayBuffer as unknown as new (
  byteLength: number,
  options: { readonly maxByteLength: number },
) => { resize(byteLength: number): void };

/** The runtime that this code runs in. */
export function hostGcPlatform(): GcPlatform {
  return {
    observe(onEntries) {
      const observer = new PerformanceObserver(list => {
        onEntries(list.getEntries());
      });
      observer.observe({ type: 'gc', buffered: false });
      return () => {
        observer.disconnect();
      };
    },
    // The types say that it is always there; Deno and Bun have none.
    startRecording: (v8.GCProfiler as unknown) === undefined ? undefined : startRecording,
    usedHeapBytes: () => v8.getHeapStatistics().used_heap_size,
    provokeMajorGc() {
      const untouched = new ResizableArrayBuffer(0, { maxByteLength: PROVOKING_BYTES });
      untouched.resize(PROVOKING_BYTES);
      // Given back at once: left to the collector, it would stand in `external` until the next one. Not by moving it away:
      // the first buffer of an isolate that is detached makes every access to any Buffer check for that from then on.
      untouched.resize(0);
    },
  };
}

/**
 * Tells who waits for the end of a profiler. Made out here: one that is made where a profiler is in scope holds that
 * profiler for ever, as its callback is a closure over the scope.
 */
const collected = new FinalizationRegistry<() => void>(tell => {
  tell();
});

function startRecording(): GcRecording {
  const profiler = new v8.GCProfiler();
  const recording: GcRecording = {
    stop: () => profiler.stop().statistics,
    onCollected: callback => {
      collected.register(profiler, callback);
    },
  };
  // Last, with nothing allocated after it: a collection between this and the end of the recording before is in both.
  profiler.start();
  return recording;
}
