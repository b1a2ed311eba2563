import v8 from 'node:v8';

/** The numbers of `v8.getHeapStatistics()` that are used here; own type, as a consumer need not have the types of Node. */
export interface V8HeapStatistics {
  readonly used_heap_size: number;
  readonly total_heap_size: number;
  readonly heap_size_limit: number;
  readonly external_memory: number;
  readonly number_of_native_contexts: number;
  readonly number_of_detached_contexts: number;
}

/** One element of `v8.getHeapSpaceStatistics()`. */
export interface V8HeapSpaceStatistics {
  readonly space_name: string;
  readonly space_used_size: number;
  readonly space_size: number;
  readonly space_available_size: number;
  readonly physical_space_size: number;
}

/** What V8 and Node.js tell of the heap of this isolate. */
export interface V8Memory {
  heapStatistics(): V8HeapStatistics;
  heapSpaces(): readonly V8HeapSpaceStatistics[];
  /** Bytes. Opens a file on the way, and so throws EMFILE when no descriptor is left. */
  arrayBufferBytes(): number;
}

/** Of the isolate that this is called in. */
export const ownV8Memory: V8Memory = {
  // Looked up at each call: whoever replaces it (a test, an agent) means us too.
  heapStatistics: () => v8.getHeapStatistics(),
  heapSpaces: () => v8.getHeapSpaceStatistics(),
  arrayBufferBytes: () => process.memoryUsage().arrayBuffers,
};
