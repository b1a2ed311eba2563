import { CgroupFollower, isContainerCgroup } from 'otel-runtime-kit/linux';
import type { CgroupMemory, CgroupMemoryReading, CgroupRoots } from 'otel-runtime-kit/linux';
import type { SamplingRuntime } from 'otel-runtime-kit/otel';
import type { ProblemSink } from 'otel-runtime-kit/sampling';

/** How often to see whether the process was moved to another cgroup, or its own was removed. */
const FOLLOW_MILLIS = 60_000;

/** What a {@link ContainerCgroup} works with. */
export interface ContainerCgroupOptions {
  /** 'auto': only a cgroup that says something about a container; true: any but the root. */
  readonly mode: 'auto' | true;
  /** `undefined` where there are no cgroups. */
  readonly roots: CgroupRoots | undefined;
  readonly runtime: SamplingRuntime;
  readonly problems: ProblemSink;
}

/** The cgroup that stands for the container, from the search for it to the latest reading. */
export class ContainerCgroup {
  readonly #with: ContainerCgroupOptions;
  readonly #follower: CgroupFollower | undefined;
  /** `unknown` while there was no way to look: out of descriptors. */
  #is: 'unknown' | 'found' | 'none';
  #memory: CgroupMemory | undefined;
  #followAtMillis = -Infinity;
  #moves = 0;

  constructor(options: ContainerCgroupOptions) {
    this.#with = options;
    this.#follower = options.roots === undefined ? undefined : new CgroupFollower(options.roots);
    this.#is = options.roots === undefined ? 'none' : 'unknown';
  }

  /** Whether there is one or not is not known yet. */
  get isUnknown(): boolean {
    return this.#is === 'unknown';
  }

  /** There is none that is meant, or none any more. */
  get isNone(): boolean {
    return !this.isUnknown && this.#memory === undefined;
  }

  /** How often it has become another one. */
  get moves(): number {
    return this.#moves;
  }

  /** What it says; `undefined` if there is none that is meant, or that is not known yet. Never throws. */
  read(): CgroupMemoryReading | undefined {
    if (this.#is === 'none') return undefined;
    const { runtime, problems } = this.#with;
    const reading = runtime.readings.run(
      'memory.container',
      () => {
        this.#locate();
        return this.#memory?.read();
      },
      problems,
    );
    if (reading === undefined) return undefined;
    for (const { error } of reading.problems) runtime.readings.fail('memory.container', error, problems);
    if (this.#is === 'unknown') this.#judge(reading);
    return this.#is === 'found' ? reading : undefined;
  }

  /** Gives every descriptor back. */
  close(): void {
    this.#follower?.close();
    this.#memory = undefined;
  }

  #locate(): void {
    const nowMillis = this.#with.runtime.clock.nowMillis();
    if (this.isUnknown && this.#memory === undefined) {
      this.#memory = this.#follower?.follow();
      if (this.#memory === undefined) this.#setNone();
    } else if (nowMillis >= this.#followAtMillis) {
      this.#follow();
    } else return;
    this.#followAtMillis = nowMillis + FOLLOW_MILLIS;
  }

  /** Goes on with the cgroup that the process is in by now, whatever it is: the rows were decided at the start. */
  #follow(): void {
    try {
      const memory = this.#follower?.follow();
      if (memory !== this.#memory) this.#moves += 1;
      this.#memory = memory;
    } catch (thrown) {
      // Out of descriptors: what is open can still be read.
      const { runtime, problems } = this.#with;
      runtime.readings.fail('memory.container', thrown, problems);
    }
  }

  #judge(reading: CgroupMemoryReading): void {
    if (this.#memory === undefined) return;
    if (this.#with.mode === true || isContainerCgroup(this.#memory.cgroup, reading.limitBytes)) {
      this.#is = 'found';
    } else if (!reading.problems.some(({ part }) => part === 'limit' || part === 'stat')) {
      this.#setNone();
    }
  }

  #setNone(): void {
    this.#is = 'none';
    this.close();
  }
}
