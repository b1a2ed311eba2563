import type {
  Benchmark,
  BenchmarkContext,
  BenchmarkResult,
  Measurement,
  Target,
} from './harness/benchmark.js';
import { formatInterval, formatPlain, formatValue } from './harness/format-number.js';
import { shuffled } from './harness/random.js';
import { CONTROL_CONFIDENCE, estimate, medianSlope } from './harness/statistics.js';
import type { Estimate } from './harness/statistics.js';
import { installPackages } from './installed-packages.js';
import { BARE, BARE_AGAIN, NAMES, WATCHED, startWatchedProcess } from './watched-roles.js';
import type { MemoryFigures } from './watched-roles.js';

const MOST_BYTES = 3e6;

/** What the processes go through, in this order. */
const STAGES = ['at rest', 'under load', 'after load', 'collected'] as const;

/** A process's figures at each stage. */
type Course = readonly MemoryFigures[];

async function courseOf(name: string, stages: readonly string[], modulesOf: string): Promise<Course> {
  const remote = await startWatchedProcess('memory', name, modulesOf);
  try {
    const course: MemoryFigures[] = [];
    for (const stage of stages) {
      const candidate = remote.candidates.find(each => each.name === stage)!;
      course.push((await candidate.measure()) as MemoryFigures);
    }
    return course;
  } finally {
    await remote.stop();
  }
}

/** All three processes through the stages, side by side, started in random order. */
async function triple(
  { random }: BenchmarkContext,
  stages: readonly string[],
  modulesOf: string,
): Promise<ReadonlyMap<string, Course>> {
  return new Map(
    await Promise.all(
      shuffled(NAMES, random).map(async name => [name, await courseOf(name, stages, modulesOf)] as const),
    ),
  );
}

/** What one process has more than another at a stage, for each triple. */
function differences(
  courses: readonly ReadonlyMap<string, Course>[],
  [more, less]: readonly [string, string],
  stage: number,
  figure: keyof MemoryFigures,
): number[] {
  return courses.map(each => each.get(more)![stage]![figure] - each.get(less)![stage]![figure]);
}

/** Triples as {@link triple} makes them, of the packages as they are published. */
async function triples(
  context: BenchmarkContext,
  stages: readonly string[],
  count: number,
): Promise<ReadonlyMap<string, Course>[]> {
  const consumer = await installPackages();
  try {
    const courses: ReadonlyMap<string, Course>[] = [];
    for (let i = 0; i < count; i += 1) courses.push(await triple(context, stages, consumer.path));
    return courses;
  } finally {
    consumer.remove();
  }
}

const control = (values: readonly number[]): Estimate => estimate(values, CONTROL_CONFIDENCE);

function shown({ median, ...interval }: Estimate): string {
  return `${formatValue(median, 'B')} (${formatInterval({ median, ...interval }, 'B')})`;
}

async function run(context: BenchmarkContext): Promise<BenchmarkResult> {
  const count = context.quick ? 2 : 12;
  const courses = await triples(context, STAGES, count);
  const added = (stage: number, figure: keyof MemoryFigures): Estimate =>
    estimate(differences(courses, [WATCHED, BARE], stage, figure));
  const rows = STAGES.flatMap((stage, index): Measurement[] => [
    {
      what: `${stage}: bare`,
      unit: 'B',
      estimate: estimate(courses.map(each => each.get(BARE)![index]!.resident)),
    },
    { what: `${stage}: added (VmRSS)`, unit: 'B', estimate: added(index, 'resident') },
    { what: `${stage}: of that anonymous (RssAnon)`, unit: 'B', estimate: added(index, 'anonymous') },
    {
      what: `${stage}: control, bare − bare`,
      unit: 'B',
      estimate: control(differences(courses, [BARE_AGAIN, BARE], index, 'resident')),
    },
  ]);
  const targets = [0, 1].map((index): Target => {
    const resident = added(index, 'resident');
    return {
      what: `RSS added over the bare SDK, ${STAGES[index]!}`,
      wanted: '≤ 3 MB',
      measured: shown(resident),
      met: resident.median <= MOST_BYTES,
    };
  });
  return {
    measurements: rows,
    comparisons: [],
    targets,
    notes: [
      `The packages as they are published, installed in a folder of their own beside the SDK. ${count} times a fresh process of each kind; what is added is the median of the differences between two that ran side by side, with its 95 % interval (the control's is that of 99.9 %).`,
      'At rest: after 2 s with a scrape each. Under load: 4,000 units of the work of `throughput-allocating`, the mean of 40 looks during the last 3,000. After load: after another 2 s of rest. Collected: then three full collections are forced. What a process has in use at one moment depends on when its collector ran last, which is why the mean is judged.',
      'Under such a load V8 lets the heap grow to up to four times of what is live before it collects: each MB that is live because of us is several MB of RSS there. Collected is what we really keep.',
      'The instrumentations tick every second here, five times as often as by default: what a tick brings with it (compiled code, for one) is there sooner.',
    ],
  };
}

/** How fast something grows that was looked at every half minute, a minute; the median of all pairs' slopes. */
function growthPerMinute(values: readonly number[]): number {
  return medianSlope(values.map((value, step) => [step / 2, value] as const));
}

async function runLong(context: BenchmarkContext): Promise<BenchmarkResult> {
  const steps = context.quick ? 4 : 10;
  const stages = [...Array.from({ length: steps }, () => 'steady load'), 'collected'];
  const [course] = await triples(context, stages, 1);
  const at = (name: string, stage: number): number => course!.get(name)![stage]!.resident;
  const over = (more: string): number[] =>
    Array.from({ length: steps }, (_, stage) => at(more, stage) - at(BARE, stage));
  const added = over(WATCHED);
  const spread: Estimate = {
    ...estimate(added),
    low: Math.min(...added),
    high: Math.max(...added),
  };
  const collected = at(WATCHED, steps) - at(BARE, steps);
  return {
    measurements: [
      { what: `added, each half minute of ${steps / 2} min`, unit: 'B', estimate: spread },
      { what: 'control: bare − bare', unit: 'B', estimate: control(over(BARE_AGAIN)) },
    ],
    comparisons: [],
    targets: [
      {
        what: `RSS added over the bare SDK after ${steps / 2} min of allocation-heavy load, collected`,
        wanted: '≤ 3 MB',
        measured: formatValue(collected, 'B'),
        met: collected <= MOST_BYTES,
      },
    ],
    notes: [
      `Three processes side by side, at the work of \`throughput-allocating\` for 7 of 10 s, scraped and ticking every second. RSS after each half minute, watched − bare: ${added.map(bytes => formatPlain(bytes / 1e6)).join(', ')} MB; bare − bare: ${over(
        BARE_AGAIN,
      )
        .map(bytes => formatPlain(bytes / 1e6))
        .join(', ')} MB. The interval is the whole range.`,
      `The difference grew by ${formatPlain(growthPerMinute(added) / 1e6)} MB a minute (the control by ${formatPlain(growthPerMinute(over(BARE_AGAIN)) / 1e6)}): the slope after Theil and Sen.`,
    ],
  };
}

export const addedMemory: Benchmark = {
  name: 'added-memory',
  title: 'resident memory that all three instrumentations add',
  description:
    'VmRSS of a process with an SDK, with and without `otel-memory-metrics`, `otel-gc-instrumentation` and `otel-fd-watch`.',
  run,
};

export const addedMemoryLong: Benchmark = {
  name: 'added-memory-long',
  title: 'the same over minutes of load',
  description:
    'Whether what is added stays what it is: records of collections wait in native memory, which no heap figure shows.',
  run: runLong,
  long: true,
};
