import type { BenchmarkContext, Facts } from './benchmark.js';
import { interleave } from './interleave.js';
import { Timings } from './timings.js';

export interface GenerationOptions {
  /** How often the processes are started anew. */
  readonly generations: number;
  /** Counted rounds in each. */
  readonly rounds: number;
  readonly warmUpRounds: number;
}

/** Samples of all generations, and what the settings said of themselves (in the last). */
export interface GenerationTimings {
  readonly timings: Timings;
  readonly facts: (setting: string) => Facts;
}

/**
 * Interleaves settings that have a process each, and starts the processes anew several times: two runs of the same
 * program differ, by what was compiled when and where memory came to lie, and no number of rounds in one process
 * shows that.
 */
export async function interleaveGenerations(
  context: BenchmarkContext,
  names: readonly string[],
  { generations, rounds, warmUpRounds }: GenerationOptions,
): Promise<GenerationTimings> {
  const timings = new Timings();
  const facts = new Map<string, Facts>();
  for (let generation = 0; generation < generations; generation += 1) {
    const settings = await Promise.all(names.map(name => context.startSetting(name)));
    try {
      for (const setting of settings) facts.set(setting.name, setting.facts);
      await interleave(settings, { rounds, warmUpRounds, random: context.random, timings });
    } finally {
      await Promise.all(settings.map(setting => setting.stop()));
    }
  }
  return { timings, facts: setting => facts.get(setting) ?? {} };
}
