import type { Benchmark, BenchmarkContext, BenchmarkResult } from './harness/benchmark.js';
import { interleaveGenerations } from './harness/generations.js';
import { cellName } from './harness/timings.js';
import { BARE, BARE_AGAIN, NAMES, WATCHED, startWatchedProcess } from './watched-roles.js';

async function run(context: BenchmarkContext): Promise<BenchmarkResult> {
  const generations = context.quick ? 1 : 3;
  const { timings } = await interleaveGenerations(
    { ...context, startSetting: name => startWatchedProcess('collections', name) },
    NAMES,
    { generations, rounds: context.quick ? 4 : 7, warmUpRounds: 1 },
  );
  const cell = (name: string): string => cellName(name, 'collection');
  const across = context.quick ? {} : { generations };
  return {
    measurements: [
      timings.measurement('bare: CPU time around a collection', cell(BARE)),
      timings.measurement('watched: CPU time around a collection', cell(WATCHED)),
      timings.difference('watched − bare', cell(WATCHED), cell(BARE)),
      timings.difference('control: bare − bare', cell(BARE_AGAIN), cell(BARE)),
    ],
    comparisons: [
      timings.comparison({
        what: 'CPU time around a collection, watched ÷ bare',
        numerator: cell(WATCHED),
        denominator: cell(BARE),
        control: [cell(BARE_AGAIN), cell(BARE)],
        ...across,
      }),
    ],
    targets: [],
    notes: [
      'A minor collection of some hundred kilobytes of garbage is forced every 20 ms, in an otherwise idle process. CPU time is that of all threads, with the making of the garbage and the timer, which both sides have: what counts is the difference.',
      'It has everything: what V8 does for the profiler within the collection, what Node does to bring the entry to the observer, our callback with stopping, parsing and starting, and a tick every 5 s.',
      `All processes were started anew ${generations} times.`,
    ],
  };
}

export const collectionCost: Benchmark = {
  name: 'collection-cost',
  title: 'all that a collection costs more',
  description:
    'CPU time of a process with an SDK in which collections are forced, with and without all three instrumentations.',
  run,
};
