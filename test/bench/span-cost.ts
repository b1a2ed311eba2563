import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  Benchmark,
  BenchmarkContext,
  BenchmarkResult,
  Comparison,
  Measurement,
  Target,
} from './harness/benchmark.js';
import { formatInterval, formatPlain } from './harness/format-number.js';
import { interleaveGenerations } from './harness/generations.js';
import { nextMessage, startRemoteSetting } from './harness/remote-setting.js';
import { cellName } from './harness/timings.js';
import { BATCHED, BATCHED_AGAIN, EXPORTERS, GUARDED, SPANS, SPAN_SETTINGS } from './span-roles.js';
import type { Format, SpanFigures } from './span-roles.js';

const MOST_RATIO = 1.6;

interface Found {
  readonly measurements: readonly Measurement[];
  readonly comparison: Comparison;
  readonly target: Target;
}

async function compare(context: BenchmarkContext, format: Format, url: string): Promise<Found> {
  const generations = context.quick ? 2 : 10;
  const scratch = mkdtempSync(join(tmpdir(), 'span-cost-'));
  try {
    const { timings } = await interleaveGenerations(
      {
        ...context,
        startSetting: name =>
          startRemoteSetting(name, join(__dirname, 'exporting-process.js'), [name, format, url, scratch]),
      },
      SPAN_SETTINGS,
      { generations, rounds: context.quick ? 1 : 3, warmUpRounds: 0 },
    );
    const cell = (name: string, part: keyof SpanFigures): string => cellName(name, 'spans', part);
    const comparison = timings.comparison({
      what: `OTLP as ${format}: CPU time of a span, guarded ÷ batched`,
      numerator: cell(GUARDED, 'cpu'),
      denominator: cell(BATCHED, 'cpu'),
      control: [cell(BATCHED_AGAIN, 'cpu'), cell(BATCHED, 'cpu')],
    });
    const { ratio, control } = comparison;
    return {
      measurements: SPAN_SETTINGS.flatMap(name => [
        timings.measurement(`OTLP as ${format}, ${name}: CPU time of a span`, cell(name, 'cpu')),
        timings.measurement(`OTLP as ${format}, ${name}: time of a span`, cell(name, 'time')),
      ]),
      comparison,
      target: {
        what: `OTLP as ${format}: CPU time of a span, guarded ÷ batched: median`,
        wanted: `≤ ${MOST_RATIO}`,
        measured: `${formatPlain(ratio.median)} (${formatInterval(ratio, '1')}; batched ÷ batched ${formatInterval(control, '1')})`,
        met: ratio.median <= MOST_RATIO,
      },
    };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function run(context: BenchmarkContext): Promise<BenchmarkResult> {
  const endpoint = fork(join(__dirname, 'ingest-process.js'));
  const exited = once(endpoint, 'exit');
  const url = `http://127.0.0.1:${String(await nextMessage(endpoint))}/v1/traces`;
  try {
    const found: Found[] = [];
    for (const format of Object.keys(EXPORTERS) as Format[]) found.push(await compare(context, format, url));
    return {
      measurements: found.flatMap(({ measurements }) => measurements),
      comparisons: found.map(({ comparison }) => comparison),
      targets: found.map(({ target }) => target),
      notes: [
        `From the start of a span to the answer of the endpoint, which is a process of its own that looks at nothing: ${formatPlain(SPANS)} spans of an HTTP server with ten attributes a measurement, 512 a request. CPU time is that of all threads of the process. Batched: the SDK's BatchSpanProcessor. Guarded: the guard in its place, every span on disk before it is queued, and acknowledged there once it is delivered. The processes are started anew after every third round, and have sent 131,000 spans before the first.`,
      ],
    };
  } finally {
    endpoint.disconnect();
    await exited;
  }
}

export const spanCost: Benchmark = {
  name: 'span-cost',
  title: 'what a span costs that survives SIGKILL',
  description:
    "The whole path of a span to a real OTLP exporter, through `telemetry-flush-guard` (`writeAhead: 'item'`) and through the SDK's `BatchSpanProcessor`.",
  run,
};
