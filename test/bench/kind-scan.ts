import { createSamplingRuntime } from 'otel-runtime-kit/otel';
import { FakeClock } from 'test-helpers/fake-clock';
import type { Benchmark, BenchmarkContext, BenchmarkResult, PreparedSetting } from './harness/benchmark.js';
import type { Candidate } from './harness/candidate.js';
import { formatPlain } from './harness/format-number.js';
import { interleaveGenerations } from './harness/generations.js';
import { quantile } from './harness/statistics.js';
import { cellName } from './harness/timings.js';
import { OpenDescriptors } from './open-descriptors.js';
import { DescriptorDirectory, KindWatch, hostPlatform, noProblems } from './product-internals.js';

const { performance } = globalThis;

const COUNTS = [10, 1_000, 10_000];
const SCAN = 'scan';
const LISTING = 'listing';

/** A scan by kind, slice by slice, each slice timed. */
function slicedScan(directory: InstanceType<typeof DescriptorDirectory>): Candidate {
  const clock = new FakeClock();
  const kinds = new KindWatch({
    runtime: createSamplingRuntime(clock),
    directory,
    maximum: 20_000,
    connectionTable: undefined,
    problems: noProblems,
    onFindings: () => {},
  });
  return {
    name: SCAN,
    measure() {
      const scan = { done: false };
      const slices: number[] = [];
      const slice = (step: () => void): void => {
        const startMillis = performance.now();
        step();
        slices.push((performance.now() - startMillis) / 1000);
      };
      slice(() => {
        kinds.start(() => {
          scan.done = true;
        });
      });
      // Each pause of the scan is over with the next turn of the clock.
      while (!scan.done) {
        slice(() => {
          clock.advance(1);
        });
      }
      return {
        total: slices.reduce((sum, seconds) => sum + seconds, 0),
        longest: Math.max(...slices),
        longestLater: Math.max(0, ...slices.slice(1)),
        slices: slices.length,
      };
    },
  };
}

function prepare(count: number): Promise<PreparedSetting> {
  const { directory: where } = hostPlatform();
  if (where?.sizeMayCount !== true) throw new Error('there is no procfs here');
  new OpenDescriptors().hold(count);
  const directory = new DescriptorDirectory(where);
  const listing: Candidate = {
    name: LISTING,
    measure: () => {
      const startMillis = performance.now();
      directory.listedCount();
      return (performance.now() - startMillis) / 1000;
    },
  };
  return Promise.resolve({ candidates: [slicedScan(directory), listing], facts: {} });
}

async function run(context: BenchmarkContext): Promise<BenchmarkResult> {
  const { timings } = await interleaveGenerations(context, [...settings.keys()], {
    generations: context.quick ? 1 : 3,
    rounds: context.quick ? 15 : 17,
    warmUpRounds: 5,
  });
  return {
    measurements: COUNTS.flatMap(count => {
      const setting = String(count);
      const label = `${formatPlain(count)} opened`;
      const slices = quantile(timings.of(cellName(setting, SCAN, 'slices')), 0.5);
      return [
        timings.measurement(`${label}: a whole scan (slices: ${slices})`, cellName(setting, SCAN, 'total')),
        timings.measurement(`${label}: its longest slice`, cellName(setting, SCAN, 'longest')),
        ...(slices > 1
          ? [
              timings.measurement(
                `${label}: its longest slice after the first`,
                cellName(setting, SCAN, 'longestLater'),
              ),
            ]
          : []),
        timings.measurement(`${label}: a listing alone`, cellName(setting, LISTING)),
      ];
    }),
    comparisons: [],
    targets: [],
    notes: [
      'The longest slice is how long a scan holds up the event loop at once. The first one contains the listing, which cannot be cut; the rest look at 500 links each, with a pause of 1 ms between them.',
      'Every measurement is a single scan, as it comes in a service: not one of a batch for which everything is warm. Each number of descriptors has a process of its own.',
    ],
  };
}

const settings = new Map(COUNTS.map(count => [String(count), () => prepare(count)]));

export const kindScan: Benchmark = {
  name: 'kind-scan',
  title: 'the slow scan by kind',
  description:
    'What the scan of all links in /proc/self/fd costs (every 60 s), in total and at a stretch. The descriptors are of /dev/null.',
  run,
  settings,
};
