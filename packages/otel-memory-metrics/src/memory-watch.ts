import { HostMemory, UNKNOWN_PROCESS_MEMORY } from 'otel-runtime-kit/linux';
import type { HostMemoryReading } from 'otel-runtime-kit/linux';
import type { Cancel, ProblemSink } from 'otel-runtime-kit/sampling';
import { openContainerMemory } from './container-memory.js';
import type { ContainerCapabilities, ContainerMemory } from './container-memory.js';
import { readHeap } from './heap-memory.js';
import { MemoryTrends } from './memory-trends.js';
import type { MEMORY_READINGS } from './metric-definitions.js';
import { nativeBytes } from './native-memory.js';
import type { ResolvedMemoryMetricsOptions } from './options.js';
import type { MemoryPlatform } from './platform.js';
import { openProcessMemory } from './process-memory.js';
import type { ProcessMemoryReader } from './process-memory.js';
import { EMPTY_SNAPSHOT } from './snapshot.js';
import type { MemorySnapshot, ProcessMemorySnapshot } from './snapshot.js';
import { slowIntervalMillis } from './slow-interval.js';
import { TimesToLimit } from './times-to-limit.js';

/** Which numbers can be had on this machine, in this thread, with these options. */
export interface MemoryCapabilities {
  readonly process: ReadonlySet<keyof ProcessMemorySnapshot>;
  readonly container: ContainerCapabilities;
  readonly native: boolean;
}

/** What a {@link MemoryWatch} works with. */
export interface MemoryWatchOptions {
  readonly options: ResolvedMemoryMetricsOptions;
  readonly platform: MemoryPlatform;
  readonly problems: ProblemSink;
}

const NO_CONTAINER: ContainerCapabilities = { cgroup: false, limit: false, events: false, stall: false };

/** From the kernel and V8 to the snapshot: owns the readings, the trends and their cadence while it is started. */
export class MemoryWatch {
  readonly capabilities: MemoryCapabilities;
  readonly #with: MemoryWatchOptions;
  readonly #trends: MemoryTrends;
  readonly #timesToLimit = new TimesToLimit();
  readonly #process: ProcessMemoryReader | undefined;
  readonly #container: ContainerMemory | undefined;
  readonly #host: HostMemory | undefined;
  #tasks: Cancel[] = [];
  #arrayBufferBytes: number | null = null;
  #hostMemory: HostMemoryReading | null = null;
  #snapshot: MemorySnapshot = EMPTY_SNAPSHOT;

  constructor(watch: MemoryWatchOptions) {
    this.#with = watch;
    const { options, platform } = watch;
    this.#trends = new MemoryTrends(options);
    if (platform.isMainThread) {
      this.#process = openProcessMemory(platform);
      this.#host =
        platform.procRoot === undefined ? undefined : HostMemory.open({ procRoot: platform.procRoot });
      this.#container = openContainerMemory(watch);
    }
    const process = this.#process?.fields ?? new Set<never>();
    this.capabilities = {
      process,
      container: this.#container?.capabilities ?? NO_CONTAINER,
      native: process.has('residentBytes'),
    };
  }

  /** The latest snapshot. */
  get snapshot(): MemorySnapshot {
    return this.#snapshot;
  }

  /** Takes the first readings and goes on at their intervals. */
  start(): void {
    const { options, platform } = this.#with;
    const { gc, sampler } = platform.runtime;
    const intervalMillis = options.sampleIntervalMillis;
    this.#tasks.push(gc.subscribe({ intervalMillis, wantsHeapEffects: false }));
    // In this order: a sample takes what is slow from the same tick, if it is due.
    this.#tasks.push(
      sampler.add({ intervalMillis: slowIntervalMillis(intervalMillis), run: this.#readSlow }),
    );
    this.#tasks.push(sampler.add({ intervalMillis, run: this.#sample }));
  }

  /** Stops, and gives back every timer, observer and descriptor. */
  stop(): void {
    for (const cancel of this.#tasks.splice(0)) cancel();
    this.#process?.close();
    this.#container?.close();
    this.#host?.close();
  }

  readonly #readSlow = (): void => {
    const { v8 } = this.#with.platform;
    this.#arrayBufferBytes = this.#read('memory.array_buffers', () => v8.arrayBufferBytes());
    const host = this.#host;
    if (host !== undefined) this.#hostMemory = Object.freeze(this.#read('memory.host', () => host.read()));
  };

  readonly #sample = (nowMillis: number): void => {
    const { v8, runtime } = this.#with.platform;
    const process = this.#readProcess();
    const heap = this.#read('memory.heap', () => readHeap(v8, this.#arrayBufferBytes));
    const container = this.#container?.read(process?.residentBytes ?? null) ?? null;
    const host = this.#hostMemory;
    const { liveHeap } = runtime.gc;
    const native = nativeBytes(process, heap);
    const { container: containerGrowth, ...growth } = this.#trends.update(nowMillis, {
      rss: process?.residentBytes ?? null,
      external: heap?.externalBytes ?? null,
      native,
      container: container?.workingSetBytes ?? null,
      containerMoves: this.#container?.moves ?? 0,
      liveHeap,
    });
    const facts = { process, heap, liveHeapBytes: liveHeap?.usedBytes ?? null, container, host };
    this.#snapshot = Object.freeze({
      takenAtMillis: runtime.clock.epochMillis(),
      ...facts,
      nativeBytes: native,
      growthPerSecond: Object.freeze(growth),
      timeToLimitSeconds: this.#timesToLimit.update(facts, { ...growth, container: containerGrowth }),
    });
  };

  #readProcess(): ProcessMemorySnapshot | null {
    const reader = this.#process;
    if (reader === undefined) return null;
    return Object.freeze(this.#read('memory.process', () => reader.read()) ?? UNKNOWN_PROCESS_MEMORY);
  }

  #read<Result>(name: (typeof MEMORY_READINGS)[number], read: () => Result): Result | null {
    return this.#with.platform.runtime.readings.run(name, read, this.#with.problems) ?? null;
  }
}
