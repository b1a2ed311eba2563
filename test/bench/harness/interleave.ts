import type { Candidate } from './candidate.js';
import type { Random } from './random.js';
import { shuffled } from './random.js';
import { Timings } from './timings.js';

/** Candidates that are measured in the same setting, for instance with 10,000 descriptors open. */
export interface Setting {
  readonly name: string;
  readonly candidates: readonly Candidate[];
}

export interface InterleaveOptions {
  readonly rounds: number;
  /** Rounds that are run first and not counted. */
  readonly warmUpRounds: number;
  readonly random: Random;
  /** Where the samples go; a new place by default. */
  readonly timings?: Timings;
}

/**
 * Measures every candidate once a round, in a new random order each time: whatever slows the machine down for a while
 * hits all of them, and none is always the one behind the other's garbage. What is compared afterwards are the two
 * measurements of one round.
 */
export async function interleave(
  settings: readonly Setting[],
  { rounds, warmUpRounds, random, timings = new Timings() }: InterleaveOptions,
): Promise<Timings> {
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    for (const setting of shuffled(settings, random)) {
      for (const candidate of shuffled(setting.candidates, random)) {
        const sample = await candidate.measure();
        if (round >= 0) timings.record(setting.name, candidate.name, sample);
      }
    }
  }
  return timings;
}

/** Gives each measurement an empty young generation to start with, so that it pays for its own garbage only. */
export function withFreshNursery(candidate: Candidate): Candidate {
  return {
    name: candidate.name,
    measure: () => {
      globalThis.gc?.({ type: 'minor' });
      return candidate.measure();
    },
  };
}
