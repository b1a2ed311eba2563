import { CgroupMemory, isContainerCgroup } from 'otel-runtime-kit/linux';
import type { CgroupMemoryReading, CgroupPart, CgroupRoots } from 'otel-runtime-kit/linux';
import type { ProblemSink, ReadingLog } from 'otel-runtime-kit/sampling';
import type { GivenLimit } from './container-limit.js';
import type { ContainerMemorySnapshot } from './snapshot.js';

/** Which rows about the container can be had, as far as that is known. */
export interface ContainerCapabilities {
  readonly cgroup: boolean;
  readonly limit: boolean;
  readonly events: boolean;
  readonly stall: boolean;
}

/** What a {@link ContainerMemory} works with. */
export interface ContainerMemoryOptions {
  /** 'auto': only a cgroup that says something about a container; true: any but the root. */
  readonly mode: 'auto' | true;
  readonly given: GivenLimit | undefined;
  /** `undefined` where there are no cgroups. */
  readonly roots: CgroupRoots | undefined;
  readonly readings: ReadingLog;
  readonly problems: ProblemSink;
}

/** Memory of the container in which this process runs. */
export class ContainerMemory {
  /** As they were when this was made: unknown counts as had, so that nothing is lost to a bad start. */
  readonly capabilities: ContainerCapabilities;
  readonly #with: ContainerMemoryOptions;
  /** `unknown` while there was no way to look: out of descriptors. */
  #cgroupIs: 'unknown' | 'found' | 'none';
  #memory: CgroupMemory | undefined;
  #wasLimited = false;

  constructor(options: ContainerMemoryOptions) {
    this.#with = options;
    this.#cgroupIs = options.roots === undefined ? 'none' : 'unknown';
    const reading = this.#readCgroup();
    const isUnknown = this.#cgroupIs === 'unknown';
    const failed = (part: CgroupPart): boolean => reading?.problems.some(one => one.part === part) === true;
    this.capabilities = {
      cgroup: this.#cgroupIs !== 'none',
      limit: this.#cgroupIs !== 'none' || options.given !== undefined,
      events: isUnknown || failed('events') || Object.keys(reading?.events ?? {}).length > 0,
      stall: isUnknown || failed('pressure') || (reading?.stallSeconds ?? null) !== null,
    };
  }

  /**
   * Never throws. `null` where there is neither a container nor a limit, or it is not known yet whether there is.
   *
   * @param residentBytes of this process, which stands for the container where a limit is given and there is no cgroup
   */
  read(residentBytes: number | null): ContainerMemorySnapshot | null {
    const reading = this.#readCgroup();
    const { given } = this.#with;
    if (reading === undefined && given === undefined) return null;
    const limitBytes = given?.bytes ?? reading?.limitBytes ?? null;
    this.#wasLimited ||= limitBytes !== null;
    const workingSetBytes = reading?.workingSetBytes ?? null;
    const usedBytes = this.#cgroupIs === 'none' ? residentBytes : workingSetBytes;
    return Object.freeze({
      usageBytes: reading?.usageBytes ?? null,
      workingSetBytes,
      availableBytes:
        limitBytes === null || workingSetBytes === null ? null : Math.max(0, limitBytes - workingSetBytes),
      limitBytes,
      limitSource: given?.source ?? (limitBytes === null ? null : 'cgroup'),
      highBytes: reading?.highBytes ?? null,
      utilization: this.#utilization(usedBytes, limitBytes, reading),
      events: Object.freeze(reading?.events ?? {}),
      stallSeconds: Object.freeze(reading?.stallSeconds ?? null),
    });
  }

  /** 0 of a limit that was lifted: no longer observed, the SDK would repeat the last value for ever. */
  #utilization(
    usedBytes: number | null,
    limitBytes: number | null,
    reading: CgroupMemoryReading | undefined,
  ): number | null {
    if (limitBytes !== null) return usedBytes === null ? null : usedBytes / limitBytes;
    const isLifted = reading?.problems.some(({ part }) => part === 'limit') === false;
    return this.#wasLimited && isLifted ? 0 : null;
  }

  /** Gives every descriptor back. */
  close(): void {
    this.#memory?.close();
    this.#memory = undefined;
  }

  /** What the cgroup says, if it is one that is meant. */
  #readCgroup(): CgroupMemoryReading | undefined {
    if (this.#cgroupIs === 'none') return undefined;
    const { readings, problems } = this.#with;
    const reading = readings.run(
      'memory.container',
      () => {
        this.#open();
        return this.#memory?.read();
      },
      problems,
    );
    if (reading === undefined) return undefined;
    for (const { error } of reading.problems) readings.fail('memory.container', error, problems);
    if (this.#cgroupIs === 'unknown') this.#judge(reading);
    return this.#cgroupIs === 'found' ? reading : undefined;
  }

  #open(): void {
    if (this.#memory !== undefined) return;
    this.#memory = CgroupMemory.open(this.#with.roots);
    if (this.#memory === undefined) this.#cgroupIs = 'none';
  }

  #judge(reading: CgroupMemoryReading): void {
    if (this.#memory === undefined) return;
    if (this.#with.mode === true || isContainerCgroup(this.#memory.cgroup, reading.limitBytes)) {
      this.#cgroupIs = 'found';
    } else if (!reading.problems.some(({ part }) => part === 'limit' || part === 'stat')) {
      this.#cgroupIs = 'none';
      this.close();
    }
  }
}
