import { Agent } from 'node:http';
import type {
  Benchmark,
  BenchmarkContext,
  BenchmarkResult,
  Comparison,
  Measurement,
  RemoteSetting,
} from './harness/benchmark.js';
import { formatInterval, formatPlain } from './harness/format-number.js';
import { interleaveGenerations } from './harness/generations.js';
import type { GenerationTimings } from './harness/generations.js';
import { median } from './harness/statistics.js';
import { cellName } from './harness/timings.js';
import { requestFor } from './http-load.js';
import { BARE, BARE_AGAIN, NAMES, WATCHED, startWatchedProcess } from './watched-roles.js';
import type { Role, ServiceUsage, WorkFigures } from './watched-roles.js';

const LEAST_RATIO = 0.97;
const SLICE = 'slice';

/** How a load is spoken of. */
interface Wording {
  readonly unit: string;
  readonly units: string;
}

async function interleaved(
  context: BenchmarkContext,
  start: (name: string) => Promise<RemoteSetting>,
): Promise<GenerationTimings & { generations: number }> {
  // Two runs of the same program differ by several per cent, so that the process is what is counted, not its slices.
  const generations = context.quick ? 2 : 30;
  const found = await interleaveGenerations({ ...context, startSetting: start }, NAMES, {
    generations,
    rounds: 2,
    warmUpRounds: 0,
  });
  return { ...found, generations };
}

function report(
  { timings, generations }: GenerationTimings & { generations: number },
  { unit, units }: Wording,
  notes: readonly string[],
): BenchmarkResult {
  const cell = (name: string, part: keyof WorkFigures): string => cellName(name, SLICE, part);
  const rows = (name: string): Measurement[] => [
    timings.measurement(`${name}: ${units} a second`, cell(name, 'throughput'), '1'),
    timings.measurement(`${name}: CPU time of ${unit}`, cell(name, 'cpu')),
  ];
  const compare = (what: string, part: keyof WorkFigures, each: { generations?: number }): Comparison =>
    timings.comparison({
      what,
      numerator: cell(WATCHED, part),
      denominator: cell(BARE, part),
      control: [cell(BARE_AGAIN, part), cell(BARE, part)],
      ...each,
    });
  const pairs = timings.of(cell(WATCHED, 'throughput')).length;
  const throughput = compare('throughput, watched ÷ bare', 'throughput', { generations });
  return {
    measurements: NAMES.flatMap(rows),
    comparisons: [
      throughput,
      compare(`throughput, watched ÷ bare, each of the ${pairs} pairs by itself`, 'throughput', {}),
      compare(`CPU time of ${unit}, watched ÷ bare`, 'cpu', { generations }),
      compare(`CPU time of ${unit}, watched ÷ bare, each of the ${pairs} pairs by itself`, 'cpu', {}),
    ],
    targets: [
      {
        what: 'throughput, watched ÷ bare: lower end of the 95 % interval',
        wanted: `≥ ${LEAST_RATIO}`,
        measured: `${formatPlain(throughput.ratio.low)} (median ${formatPlain(throughput.ratio.median)}; bare ÷ bare ${formatInterval(throughput.control, '1')})`,
        met: throughput.ratio.low >= LEAST_RATIO,
      },
    ],
    notes: [
      'The first five seconds are not counted: what is measured of the collections of a start is more than of those that follow (100, and 4 a second).',
      `Bare: a MeterProvider with an idle PrometheusExporter. Watched: the same with all three instrumentations and their defaults. ${pairs} interleaved pairs: each round has a slice of a second of either and of a second bare one, in random order. All processes were started anew ${generations} times; a ratio counts each time once, by the median of its rounds, unless it says otherwise.`,
      'CPU time is that of all threads of the process, the helpers of the collector too.',
      ...notes,
    ],
  };
}

async function runAllocating(context: BenchmarkContext): Promise<BenchmarkResult> {
  const role: Role = 'allocating';
  const found = await interleaved(context, name => startWatchedProcess(role, name));
  const rate = Number(found.facts(BARE)['collectionsPerSecond']);
  return report(found, { unit: 'a unit', units: 'units' }, [
    `A unit parses, copies, sorts and indexes 300 records; one result in eight is kept for a while. ${formatPlain(rate)} collections a second, bare, of all types.`,
  ]);
}

/** Requests that are under way at any time. */
const CONNECTIONS = 8;

/** A service in its own process, and the load on it from this one. */
async function startService(name: string): Promise<RemoteSetting> {
  const remote = await startWatchedProcess('http', name);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const url = `http://127.0.0.1:${remote.facts['port'] ?? ''}/`;
  const usage = async (): Promise<ServiceUsage> => (await remote.candidates[0]!.measure()) as ServiceUsage;
  const load = (millis: number): Promise<number> => requestFor(millis, url, agent, CONNECTIONS);
  // Until what is saved up for measuring the collections of a start is spent, too.
  await load(5_000);
  return {
    ...remote,
    candidates: [
      {
        name: SLICE,
        measure: async () => {
          const before = await usage();
          const startMillis = performance.now();
          const requests = await load(1_000);
          const seconds = (performance.now() - startMillis) / 1000;
          const after = await usage();
          return {
            throughput: requests / seconds,
            cpu: (after.cpu - before.cpu) / requests,
            utilization: after.utilization,
          };
        },
      },
    ],
    stop: async () => {
      agent.destroy();
      await remote.stop();
    },
  };
}

async function runHttp(context: BenchmarkContext): Promise<BenchmarkResult> {
  const found = await interleaved(context, startService);
  const busy = median(found.timings.of(cellName(BARE, SLICE, 'utilization')));
  return report(found, { unit: 'a request', units: 'requests' }, [
    `A request parses, sorts and prints 300 objects, with ${CONNECTIONS} of them under way at any time over connections that are kept alive, from another process. The event loop of the bare service was busy ${formatPlain(busy * 100)} % of the time: the service is what limits the throughput, not its clients.`,
  ]);
}

export const throughputAllocating: Benchmark = {
  name: 'throughput-allocating',
  title: 'what all three instrumentations leave of an allocation-heavy load',
  description:
    'Work that keeps the collector busy, in a process with an SDK, with and without `otel-memory-metrics`, `otel-gc-instrumentation` and `otel-fd-watch`.',
  run: runAllocating,
};

export const throughputHttp: Benchmark = {
  name: 'throughput-http',
  title: 'what all three instrumentations leave of an HTTP service',
  description:
    'A service under as much load as it can bear, in a process with an SDK, with and without `otel-memory-metrics`, `otel-gc-instrumentation` and `otel-fd-watch`.',
  run: runHttp,
};
