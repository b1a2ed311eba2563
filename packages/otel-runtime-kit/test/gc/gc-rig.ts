import { FakeClock } from 'test-helpers/fake-clock';
import { GcSource } from '../../src/gc/gc-source.js';
import type { GcPause } from '../../src/gc/gc-pause.js';
import type { GcSubscriber } from '../../src/gc/gc-source-types.js';
import { ReadingLog } from '../../src/sampling/reading-log.js';
import { Sampler } from '../../src/sampling/sampler.js';
import { FakeGcPlatform } from './fake-gc-platform.js';

export const INTERVAL_MILLIS = 5_000;

/** More collections a second than there are: all are measured. */
export const ALL = 1e9;

/** Keeps what is reported, as `key: message`. */
export class RecordedProblems {
  readonly reports: string[] = [];

  get keys(): string[] {
    return this.reports.map(report => report.slice(0, report.indexOf(':')));
  }

  report(key: string, message: string): void {
    this.reports.push(`${key}: ${message}`);
  }
}

/** A source of collections on a fake clock over a fake heap. */
export class GcRig {
  readonly clock = new FakeClock({ nowMillis: 1_000 });
  readonly sampler = new Sampler(this.clock);
  readonly readings = new ReadingLog();
  readonly problems = new RecordedProblems();
  readonly platform = new FakeGcPlatform(this.clock);
  readonly source: GcSource;
  /** Pauses that subscribers of {@link subscribe} were told of. */
  readonly pauses: GcPause[] = [];

  /**
   * @param without means that this runtime lacks
   * @param measuredPerSecond how many collections are measured; as by default if it is left out
   */
  constructor(without: { readonly startRecording?: undefined } = {}, measuredPerSecond?: number) {
    const { clock, sampler, readings, problems, platform } = this;
    Object.assign(platform, without);
    this.source = new GcSource({ clock, sampler, readings, problems, platform, measuredPerSecond });
  }

  subscribe(subscriber: Partial<GcSubscriber> = {}): () => void {
    return this.source.subscribe({
      intervalMillis: INTERVAL_MILLIS,
      wantsHeapEffects: true,
      onPause: pause => this.pauses.push(pause),
      ...subscriber,
    });
  }

  /** Many collections at a steady rate, each with its allocation, in a turn of its own. */
  load({ gcs, perSecond, bytes = 1_000_000 }: { gcs: number; perSecond: number; bytes?: number }): void {
    for (let gc = 0; gc < gcs; gc += 1) {
      this.clock.advance(1_000 / perSecond - 1);
      this.platform.allocate(bytes);
      this.platform.turn({ freedBytes: bytes });
    }
  }

  /** Errors by reading. */
  get errors(): Record<string, number> {
    return Object.fromEntries(
      [...this.readings.costs]
        .map(
          ([name, { errors }]) =>
            [name, [...errors.values()].reduce((sum, count) => sum + count, 0)] as const,
        )
        .filter(([, count]) => count > 0),
    );
  }

  /** What is held of the runtime: nothing once nobody subscribes. */
  get given(): { observers: number; running: number; timers: number; tasks: number } {
    const { platform, clock, sampler } = this;
    return {
      observers: platform.observers,
      running: platform.running,
      timers: clock.timerCount,
      tasks: sampler.taskCount,
    };
  }
}

/** {@link GcRig.given} once all is given back. */
export const NOTHING_GIVEN = { observers: 0, running: 0, timers: 0, tasks: 0 };
