import type {
  Benchmark,
  BenchmarkContext,
  BenchmarkResult,
  Measurement,
  Target,
} from './harness/benchmark.js';
import type { Candidate } from './harness/candidate.js';
import { formatInterval, formatValue } from './harness/format-number.js';
import { interleave } from './harness/interleave.js';
import type { Setting } from './harness/interleave.js';
import { cellName } from './harness/timings.js';
import type { Timings } from './harness/timings.js';
import { installPackages } from './installed-packages.js';
import { timedProcess } from './timed-process.js';

const MOST_SECONDS = 0.015;
const REGISTER = 'otel-node-vitals/register';
const [BARE, AGAIN, REQUIRE, IMPORT, IN_CODE] = [
  'bare',
  'bare again',
  '--require',
  '--import',
  'in its code',
] as const;

/** The application with an SDK, by the way in which ours is added. */
function application(cwd: string): Setting {
  const started = (name: string, nodeArgs: string[] = [], args: string[] = []): Candidate => ({
    name,
    measure: async () => {
      const command = { program: 'node', args: [...nodeArgs, 'starts.cjs', ...args], cwd };
      const { line, end } = await timedProcess(command);
      return { line, end };
    },
  });
  return {
    name: 'application',
    candidates: [
      started(BARE),
      started(AGAIN),
      started(REQUIRE, ['--require', REGISTER]),
      started(IMPORT, ['--import', REGISTER]),
      started(IN_CODE, [], ['vitals']),
    ],
  };
}

/** What inherits NODE_OPTIONS and is no application. */
const SHORT: readonly (readonly [program: string, ...args: string[]])[] = [
  ['node', '-e', '0'],
  ['npm', '--version'],
  ['npx', '--version'],
  ['npm', 'run', 'empty'],
];

/** How it is called in the tables. */
function nameOf(words: (typeof SHORT)[number]): string {
  return words[1] === 'run' ? 'an empty script of npm' : words.join(' ');
}

function short(cwd: string): Setting[] {
  return SHORT.map(words => {
    const [program, ...args] = words;
    const under = (name: string, nodeOptions?: string): Candidate => ({
      name,
      measure: async () =>
        (await timedProcess({ program, args, cwd, ...(nodeOptions === undefined ? {} : { nodeOptions }) }))
          .end,
    });
    return {
      name: nameOf(words),
      candidates: [
        under(BARE),
        under(AGAIN),
        under(REQUIRE, `--require ${REGISTER}`),
        under(IMPORT, `--import ${REGISTER}`),
      ],
    };
  });
}

/** How long a process looks at its event loop: register attaches within it. */
const LOOKS = [
  { name: 'joins the SDK of the application', how: 'sdk', millis: 700 },
  { name: 'sets up an exporter of its own', how: 'none', millis: 1_400 },
] as const;

function loops(cwd: string): Setting[] {
  return LOOKS.map(({ name, how, millis }) => {
    const held = (candidate: string, nodeArgs: string[] = []): Candidate => ({
      name: candidate,
      measure: async () => {
        const args = [...nodeArgs, 'looks-at-its-loop.cjs', how, String(millis)];
        const { text } = await timedProcess({ program: 'node', args, cwd });
        return Number(text) / 1000;
      },
    });
    return { name, candidates: [held(BARE), held(REQUIRE, ['--require', REGISTER])] };
  });
}

function rowsOf(timings: Timings): Measurement[] {
  const line = (candidate: string): string => cellName('application', candidate, 'line');
  const end = (candidate: string): string => cellName('application', candidate, 'end');
  return [
    timings.measurement('an application with an SDK: to its first line', line(BARE)),
    timings.difference('added: control, bare − bare', line(AGAIN), line(BARE)),
    ...[REQUIRE, IMPORT].map(way => timings.difference(`added by ${way} ${REGISTER}`, line(way), line(BARE))),
    timings.difference('added by startVitals() in its code', line(IN_CODE), line(BARE)),
    timings.measurement('the same, to its end', end(BARE)),
    ...[REQUIRE, IMPORT].map(way =>
      timings.difference(`added by ${way} ${REGISTER}, to its end`, end(way), end(BARE)),
    ),
    ...SHORT.map(nameOf).flatMap(name => [
      timings.measurement(`${name}: alone`, cellName(name, BARE)),
      timings.difference(`${name}: added: control`, cellName(name, AGAIN), cellName(name, BARE)),
      ...[REQUIRE, IMPORT].map(way =>
        timings.difference(
          `${name}: added by NODE_OPTIONS=${way}`,
          cellName(name, way),
          cellName(name, BARE),
        ),
      ),
    ]),
    ...LOOKS.flatMap(({ name }) => [
      timings.measurement(`event loop held up at most: register ${name}`, cellName(name, REQUIRE)),
      timings.measurement('event loop held up at most: the same without register', cellName(name, BARE)),
    ]),
  ];
}

/** What is added, which is to be no more than 15 ms. */
function targetsOf(rows: readonly Measurement[]): Target[] {
  return rows
    .filter(({ what }) => /added by (?:--|NODE_OPTIONS)/.test(what) && !what.endsWith('to its end'))
    .map(({ what, unit, estimate }) => ({
      what: what.startsWith('added') ? `start-up ${what}` : what,
      wanted: '≤ 15 ms',
      measured: `${formatValue(estimate.median, unit)} (${formatInterval(estimate, unit)})`,
      met: estimate.median <= MOST_SECONDS,
    }));
}

async function run({ quick, random }: BenchmarkContext): Promise<BenchmarkResult> {
  const consumer = await installPackages();
  try {
    const { path } = consumer;
    consumer.copy('starts.cjs');
    consumer.copy('looks-at-its-loop.cjs');
    consumer.addScript('empty', 'node -e 0');
    const options = { random, warmUpRounds: quick ? 1 : 3 };
    const timings = await interleave([application(path)], { ...options, rounds: quick ? 5 : 41 });
    await interleave(short(path), { ...options, rounds: quick ? 3 : 31, timings });
    await interleave(loops(path), { ...options, rounds: quick ? 2 : 15, timings });
    const measurements = rowsOf(timings);
    return {
      measurements,
      comparisons: ['line', 'end'].map(part =>
        timings.comparison({
          what: `--require ÷ bare, to its ${part === 'line' ? 'first line' : 'end'}`,
          numerator: cellName('application', REQUIRE, part),
          denominator: cellName('application', BARE, part),
          control: [cellName('application', AGAIN, part), cellName('application', BARE, part)],
        }),
      ),
      targets: targetsOf(measurements),
      notes: [
        'The packages as they are published, installed in a folder of their own beside the SDK. From the call that starts a process to its first line on stdout, or to its end; what is added is the median of the differences within each round.',
        'The application sets up a MeterProvider with a PrometheusExporter, says so in a line and ends. An empty script by `npm run` runs `node -e 0`, which inherits NODE_OPTIONS like npm itself.',
        'Held up at most: the longest turn of the event loop in the 0.7 s (1.4 s, if the application has no SDK) after the start, seen by a timer of 1 ms. It is when register loads and attaches the instrumentations.',
      ],
    };
  } finally {
    consumer.remove();
  }
}

export const startUp: Benchmark = {
  name: 'start-up',
  title: 'time that register adds to a start',
  description:
    'Processes from their start on, with and without `otel-node-vitals/register`: an application with an SDK, and what inherits NODE_OPTIONS.',
  run,
};
