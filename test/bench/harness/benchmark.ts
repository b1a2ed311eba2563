import type { Candidate } from './candidate.js';
import type { Setting } from './interleave.js';
import type { Random } from './random.js';
import type { Estimate } from './statistics.js';

/** Seconds, bytes, bytes per tick, or a plain number. */
export type Unit = 's' | 'B' | 'B/tick' | '1';

/** A number that was measured in every round. */
export interface Measurement {
  readonly what: string;
  readonly unit: Unit;
  readonly estimate: Estimate;
}

/** Two things measured in the same rounds, and what the harness says of a thing and itself. */
export interface Comparison {
  readonly what: string;
  readonly ratio: Estimate;
  readonly control: Estimate;
  /** Whether the control's interval contains 1. If not, the ratio is not to be believed. */
  readonly controlHolds: boolean;
}

/** What is to be reached. */
export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
}

/** Everything a benchmark found. Plain JSON. */
export interface BenchmarkResult {
  readonly measurements: readonly Measurement[];
  readonly comparisons: readonly Comparison[];
  readonly targets: readonly Target[];
  /** Sentences that are needed to read the numbers. */
  readonly notes: readonly string[];
}

/** Numbers and words that a setting knows of itself. */
export type Facts = Readonly<Record<string, number | string>>;

/** Candidates in a process that has been made ready for them. */
export interface PreparedSetting {
  readonly candidates: readonly Candidate[];
  readonly facts: Facts;
}

/** A setting in another process, seen from here. */
export interface RemoteSetting extends Setting {
  readonly facts: Facts;
  /** Ends its process. */
  stop(): Promise<void>;
}

/** What a benchmark is given. */
export interface BenchmarkContext {
  /** Fewer rounds: to see that it works, not to publish. */
  readonly quick: boolean;
  readonly random: Random;
  /** Starts one of the benchmark's own `settings` in a process of its own. */
  startSetting(name: string): Promise<RemoteSetting>;
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** What is measured against what, in a sentence or two. */
  readonly description: string;
  run(context: BenchmarkContext): Promise<BenchmarkResult>;
  /** Takes many minutes: runs only when it is named, or with `--long`. */
  readonly long?: boolean;
  /** Settings that need a process of their own, by name: what prepares them there. */
  readonly settings?: ReadonlyMap<string, (options: { readonly quick: boolean }) => Promise<PreparedSetting>>;
}

/** A finished benchmark with the words that go with it. */
export interface FinishedBenchmark extends Pick<Benchmark, 'name' | 'title' | 'description'> {
  readonly result: BenchmarkResult;
  readonly seconds: number;
}
