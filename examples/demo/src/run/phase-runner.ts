import { setTimeout as sleep } from 'node:timers/promises';
import { COUNT } from '../metric-names.js';
import type { Plan } from '../plan.js';
import type { PressureMessage } from '../service/messages.js';
import { kindsOf } from './descriptor-kinds.js';
import { lookFromOutside } from './outside-view.js';
import type { OutsideView } from './outside-view.js';
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

/** Scrapes the stage, under load and at rest, and keeps the time. */
export class PhaseRunner {
  readonly #plan: Plan;
  readonly #watcher: Watcher;
  readonly #signal: AbortSignal;
  readonly #warnings: Warning[] = [];
  #phase: PhaseName = 'warm-up';
  #startMillis = performance.now();

  constructor(plan: Plan, watcher: Watcher, signal: AbortSignal) {
    this.#plan = plan;
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

  /** Scrapes for so long. The load must be running. */
  async underLoad(stage: Stage, phase: PhaseName, seconds: number): Promise<Sample[]> {
    this.#phase = phase;
    const { scrapeIntervalMillis } = this.#plan;
    const count = Math.max(1, Math.round((1_000 * seconds) / scrapeIntervalMillis));
    const startMillis = performance.now();
    const samples: Sample[] = [];
    for (let number = 1; number <= count; number += 1) {
      const dueMillis = startMillis + (number * 1_000 * seconds) / count;
      await this.#sleep(dueMillis - performance.now());
      const scrape = await stage.scraper.scrape();
      const sample = { atSeconds: this.#atSeconds(), phase, scrape };
      samples.push(sample);
      this.#watcher.onSample(sample);
    }
    return samples;
  }

  /**
   * Stops the load and waits until what is scraped is what is seen from outside, for at most so long as the
   * readings may be old. Numbers that do not come to agree are returned as they are.
   */
  async atRest(stage: Stage): Promise<Rest> {
    await stage.load.pause();
    const { sampleIntervalMillis, byKindIntervalMillis } = this.#plan.watch;
    const endMillis = performance.now() + byKindIntervalMillis + SETTLING_MILLIS;
    for (;;) {
      // A count made after the last request, at the latest.
      await this.#sleep(1.2 * sampleIntervalMillis);
      const scrape = await stage.scraper.scrape();
      const outside = lookFromOutside(stage.service.pid);
      if (agree(scrape, outside) || performance.now() > endMillis) {
        this.#watcher.onRest(this.#atSeconds(), scrape);
        const { leaks } = await stage.service.report();
        return { scrape, outside, requestsAnswered: stage.load.answered, leaks };
      }
    }
  }

  #atSeconds(): number {
    return (performance.now() - this.#startMillis) / 1_000;
  }

  async #sleep(millis: number): Promise<void> {
    await sleep(Math.max(0, millis), undefined, { signal: this.#signal });
  }
}

function agree(scrape: Scrape, outside: OutsideView | undefined): boolean {
  if (outside === undefined) return true;
  const kinds = kindsOf(scrape);
  return (
    scrape.value(COUNT) === outside.open &&
    kinds.get('socket') === outside.sockets &&
    kinds.get('file') === outside.files
  );
}
