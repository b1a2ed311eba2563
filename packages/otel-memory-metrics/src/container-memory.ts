import type { CgroupEvent, CgroupMemoryReading, CgroupPart, StallSeconds } from 'otel-runtime-kit/linux';
import type { ProblemSink } from 'otel-runtime-kit/sampling';
import { ContainerCgroup } from './container-cgroup.js';
import type { ContainerCgroupOptions } from './container-cgroup.js';
import { CONTAINER_LIMIT_VARIABLE, givenLimit } from './container-limit.js';
import type { GivenLimit } from './container-limit.js';
import { ContinuedCounters } from './continued-counters.js';
import type { ResolvedMemoryMetricsOptions } from './options.js';
import type { MemoryPlatform } from './platform.js';
import type { ContainerMemorySnapshot } from './snapshot.js';

/** Which rows about the container can be had, as far as that is known. */
export interface ContainerCapabilities {
  readonly cgroup: boolean;
  readonly limit: boolean;
  readonly events: boolean;
  readonly stall: boolean;
}

/** What a {@link ContainerMemory} works with. */
export interface ContainerMemoryOptions extends ContainerCgroupOptions {
  readonly given: GivenLimit | undefined;
}

/** Memory of the container in which this process runs. */
export class ContainerMemory {
  /** As they were when this was made: unknown counts as had, so that nothing is lost to a bad start. */
  readonly capabilities: ContainerCapabilities;
  readonly #given: GivenLimit | undefined;
  readonly #cgroup: ContainerCgroup;
  readonly #events = new ContinuedCounters<CgroupEvent>();
  readonly #stalls = new ContinuedCounters<keyof StallSeconds>();
  #movesTold = 0;
  #wasLimited = false;

  constructor(options: ContainerMemoryOptions) {
    this.#given = options.given;
    this.#cgroup = new ContainerCgroup(options);
    const reading = this.#cgroup.read();
    const { isUnknown, isNone } = this.#cgroup;
    const failed = (part: CgroupPart): boolean => reading?.problems.some(one => one.part === part) === true;
    this.capabilities = {
      cgroup: !isNone,
      limit: !isNone || options.given !== undefined,
      events: isUnknown || failed('events') || Object.keys(reading?.events ?? {}).length > 0,
      stall: isUnknown || failed('pressure') || (reading?.stallSeconds ?? null) !== null,
    };
  }

  /** How often it has become another container, whose memory has nothing to do with the one before. */
  get moves(): number {
    return this.#cgroup.moves;
  }

  /**
   * Never throws. `null` where there is neither a container nor a limit, or it is not known yet whether there is.
   *
   * @param residentBytes of this process, which stands for the container where a limit is given and there is no cgroup
   */
  read(residentBytes: number | null): ContainerMemorySnapshot | null {
    const given = this.#given;
    const reading = this.#cgroup.read();
    if (reading === undefined && given === undefined && !this.#wasLimited) return null;
    const limitBytes = given?.bytes ?? reading?.limitBytes ?? null;
    this.#wasLimited ||= limitBytes !== null;
    const isAnother = this.#movesTold !== this.moves;
    this.#movesTold = this.moves;
    // 0 of a container that was left: no longer observed, the SDK would repeat the last value for ever.
    const left = given === undefined && isLeft(this.#cgroup) ? 0 : null;
    const workingSetBytes = reading?.workingSetBytes ?? left;
    const usedBytes = this.#cgroup.isNone ? residentBytes : workingSetBytes;
    return Object.freeze({
      usageBytes: reading?.usageBytes ?? left,
      workingSetBytes,
      availableBytes:
        limitBytes === null || workingSetBytes === null ? null : Math.max(0, limitBytes - workingSetBytes),
      limitBytes,
      limitSource: given?.source ?? (limitBytes === null ? null : 'cgroup'),
      highBytes: reading?.highBytes ?? null,
      utilization: this.#utilization(usedBytes, limitBytes, reading),
      events: this.#events.update(reading?.events ?? {}, isAnother),
      stallSeconds: this.#stallSeconds(reading, isAnother),
    });
  }

  /** 0 of a limit that was lifted or left behind: no longer observed, the SDK would repeat the last value for ever. */
  #utilization(
    usedBytes: number | null,
    limitBytes: number | null,
    reading: CgroupMemoryReading | undefined,
  ): number | null {
    if (limitBytes !== null) return usedBytes === null ? null : usedBytes / limitBytes;
    const isLifted = this.#cgroup.isNone || reading?.problems.some(({ part }) => part === 'limit') === false;
    return this.#wasLimited && isLifted ? 0 : null;
  }

  #stallSeconds(reading: CgroupMemoryReading | undefined, isAnother: boolean): StallSeconds | null {
    const { some, full } = this.#stalls.update({ ...reading?.stallSeconds }, isAnother);
    return some === undefined || full === undefined ? null : Object.freeze({ some, full });
  }

  /** Gives every descriptor back. */
  close(): void {
    this.#cgroup.close();
  }
}

function isLeft({ isNone, moves }: ContainerCgroup): boolean {
  return isNone && moves > 0;
}

/** Opens what this process may say of its container; `undefined` where it is not to say anything. */
export function openContainerMemory({
  options,
  platform,
  problems,
}: {
  readonly options: ResolvedMemoryMetricsOptions;
  readonly platform: MemoryPlatform;
  readonly problems: ProblemSink;
}): ContainerMemory | undefined {
  const mode = options.containerMetrics;
  if (mode === false || !platform.speaksForContainer) return undefined;
  const { procRoot, cgroupRoot, environment, runtime } = platform;
  return new ContainerMemory({
    mode,
    given: givenLimit(options.limitBytes, environment, message => {
      problems.report(CONTAINER_LIMIT_VARIABLE, message);
    }),
    roots: procRoot === undefined || cgroupRoot === undefined ? undefined : { procRoot, cgroupRoot },
    runtime,
    problems,
  });
}
