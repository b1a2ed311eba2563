import { monotonicMillis } from './clock.js';
import { errorType } from './error-type.js';

/** Where a failing reading is reported; `otel/problem-log.ts` implements it over `diag`. */
export interface ProblemSink {
  /** @param key what makes two reports the same problem. */
  report(key: string, message: string, error?: unknown): void;
}

/** What one kind of reading has cost and how it went, since the process started. */
export interface ReadingCost {
  /** How often it ran. */
  ticks: number;
  /** Time spent in it, in seconds of a monotonic clock. */
  seconds: number;
  /** How often it failed, by error type. */
  readonly errors: Map<string, number>;
}

/**
 * Runs readings so that each fails alone, and keeps account of what they cost: the numbers behind
 * `vitals.sampler.time`, `.ticks` and `.errors`.
 */
export class ReadingLog {
  readonly #costs = new Map<string, ReadingCost>();

  /**
   * Runs one reading. A throw is counted, reported to `problems`, and answered with `undefined`.
   *
   * @param name a member of a fixed list, it becomes the attribute `vitals.reading`.
   */
  run<Result>(name: string, read: () => Result, problems: ProblemSink): Result | undefined {
    const cost = this.#costOf(name);
    const startMillis = monotonicMillis();
    try {
      return read();
    } catch (thrown) {
      this.fail(name, thrown, problems);
      return undefined;
    } finally {
      cost.ticks += 1;
      cost.seconds += (monotonicMillis() - startMillis) / 1000;
    }
  }

  /** Counts and reports a failure that came outside of {@link run}, as the rejection of something begun in it. */
  fail(name: string, thrown: unknown, problems: ProblemSink): void {
    const { errors } = this.#costOf(name);
    const type = errorType(thrown);
    errors.set(type, (errors.get(type) ?? 0) + 1);
    problems.report(`${name}:${type}`, `reading ${name} failed`, thrown);
  }

  /** Costs by reading, live objects: read, do not write. */
  get costs(): ReadonlyMap<string, Readonly<ReadingCost>> {
    return this.#costs;
  }

  #costOf(name: string): ReadingCost {
    let cost = this.#costs.get(name);
    if (cost === undefined) {
      cost = { ticks: 0, seconds: 0, errors: new Map() };
      this.#costs.set(name, cost);
    }
    return cost;
  }
}
