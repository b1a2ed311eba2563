import { setTimeout as sleep } from 'node:timers/promises';
import type { Aspect } from '../faults/fault.js';
import type { Plan } from '../plan.js';
import type { PressureMessage } from '../service/messages.js';
import { agree } from './agreement.js';
import type { GcTraceTotals } from './gc-trace.js';
import { lookFromOutside } from './outside-view.js';
import type { PhaseName, Rest, Sample, Warning } from './run-record.js';
import type { Scrape } from './scrape.js';
import type { Stage } from './stage.js';

/** Where a run is, for whoever shows it. */
export interface Watcher {
  onSample(sample: Sample): void;
  onRest(atSeconds: number, scrape: Scrape): void;
  onWarning(warning: Warning): void;
}

/** How long numbers at rest may take to agree, beyond the interval of the scans. */
const SETTLING_MILLIS = 2_000;

/** How many times as long a phase may take. */
const PATIENCE = 1.5;

/** Scrapes the stage, under load and at rest, and keeps the time. */
export class PhaseRunner {
  readonly #plan: Plan;
  readonly #aspects: readonly Aspect[];
  readonly #watcher: Watcher;
  readonly #signal: AbortSignal;
  readonly #warnings: Warning[] = [];
  #phase: PhaseName = 'warm-up';
  #startMillis = performance.now();

  /** @param aspects what has to agree at rest */
  constructor(plan: Plan, aspects: readonly Aspect[], watcher: Watcher, signal: AbortSignal) {
    this.#plan = plan;
    this.#aspects = aspects;
    this.#watcher = watcher;
    this.#signal = signal;
  }

  get warnings(): readonly Warning[] {
    return this.#warnings;
  }

  readonly takeWarning = (pressure: PressureMessage): void => {
    const warning = { ...pressure, atSeconds: this.#atSeconds(), phase: this.#phase };
    this.#warnings.push(warning);
    this.#watcher.onWarning(warning);
  };

  /** The clock of the run starts to tick. */
  begin(): void {
    this.#startMillis = performance.now();
  }

  /**
   * Scrapes for so long. The load must be running.
   *
   * @param isEnough is asked in the end, and may make it half as long again
   */
  async underLoad(
    stage: Stage,
    phase: PhaseName,
    seconds: number,
    isEnough: (scrape: Scrape) => boolean = () => true,
  ): Promise<Sample[]> {
    this.#phase = phase;
    const { scrapeIntervalMillis } = this.#plan;
    const count = Math.max(1, Math.round((1_000 * seconds) / scrapeIntervalMillis));
    const startMillis = performance.now();
    const samples: Sample[] = [];
    for (let number = 1; number <= PATIENCE * count; number += 1) {
      const dueMillis = startMillis + (number * 1_000 * seconds) / count;
      await this.#sleep(dueMillis - performance.now());
      const scrape = await stage.scraper.scrape();
      const { pauseWindowMillis, sampleIntervalMillis } = this.#plan.watch.collections;
      // The scrape is of the latest tick, whose window reached back a little further.
      const sinceMillis = performance.now() - pauseWindowMillis - 2 * sampleIntervalMillis;
      const recentPauses = stage.service.trace.pausesSince(sinceMillis);
      const { pausedShare } = stage.service;
      const requestsAnswered = stage.load.answered;
      const sample = {
        atSeconds: this.#atSeconds(),
        phase,
        scrape,
        recentPauses,
        pausedShare,
        requestsAnswered,
      };
      samples.push(sample);
      this.#watcher.onSample(sample);
      if (number >= count && isEnough(scrape)) break;
    }
    return samples;
  }

  /**
   * Stops the load, has the service collect its garbage, so that what is left is what it holds on to, and waits until
   * what is scraped is what is seen from outside, for at most so long as the readings may be old. Numbers that do not
   * come to agree are returned as they are.
   */
  async atRest(stage: Stage): Promise<Rest> {
    await stage.load.pause();
    await stage.service.collect();
    const { sampleIntervalMillis, byKindIntervalMillis } = this.#plan.watch.descriptors;
    const endMillis = performance.now() + byKindIntervalMillis + SETTLING_MILLIS;
    for (let previousTrace: GcTraceTotals | undefined; ;) {
      // A count made after the last request, at the latest.
      await this.#sleep(1.2 * sampleIntervalMillis);
      const scrape = await stage.scraper.scrape();
      const outside = lookFromOutside(stage.service.pid);
      const trace = stage.service.trace.totals;
      if (agree(this.#aspects, { scrape, outside, trace, previousTrace }) || performance.now() > endMillis) {
        this.#watcher.onRest(this.#atSeconds(), scrape);
        const { tally, onlookers } = await stage.service.report();
        const { collections } = stage.service;
        const requestsAnswered = stage.load.answered;
        return { scrape, outside, trace, requestsAnswered, tally, onlookers, collections };
      }
      previousTrace = trace;
    }
  }

  #atSeconds(): number {
    return (performance.now() - this.#startMillis) / 1_000;
  }

  async #sleep(millis: number): Promise<void> {
    await sleep(Math.max(0, millis), undefined, { signal: this.#signal });
  }
}
