import { growthOf } from './day.js';
import type { Day } from './day.js';
import type { ExitTime, Spread } from './exit-time.js';
import { EXITS } from './exits.js';
import type { CellResult, CellSettings } from './fault-cell.js';
import type { RandomKills } from './random-kills.js';

/** Spans, and as many log records, that each process of the table emits. */
export const ITEMS = 100;

/** What an exit of the table may be held up. */
export const BUDGET_MILLIS = 1_000;

export interface Row {
  readonly cell: CellSettings;
  readonly result: CellResult;
  readonly faults: readonly string[];
}

/** All that the document tells of. */
export interface Findings {
  readonly sdk: 2 | 3;
  readonly rows: readonly Row[];
  readonly kills: RandomKills | undefined;
  readonly exitTimes: readonly ExitTime[];
  readonly day: Day | undefined;
  /** What this machine does not have, and why. */
  readonly skipped: readonly string[];
}

/** The table and what goes with it, as Markdown. */
export function document({ sdk, rows, kills, exitTimes, day, skipped }: Findings): string {
  return [
    '# What is lost when a process ends',
    '',
    `Made by \`npm run test:faults\`: Node.js ${process.versions.node.split('.')[0] ?? ''}, OpenTelemetry SDK ${sdk}.x with its OTLP/HTTP exporters. ` +
      `Each row is a program that emits ${ITEMS} spans and ${ITEMS} log records in each of its processes and threads, counts to ${2 * ITEMS} with a ` +
      'counter, half of it after the last checkpoint, and ends 50 ms later; ' +
      'once with `BatchSpanProcessor`, `BatchLogRecordProcessor` and `PeriodicExportingMetricReader` as they are, once with the guard in their ' +
      `place (\`writeAhead: 'item'\`, a budget of ${BUDGET_MILLIS} ms) and then started again with the endpoint up. ` +
      'Lost is what the endpoint has not got after that; what it has got and rejected, as it says, is not lost.',
    '',
    '| the process ends by | the endpoint is | lost by the SDK: items, counts | lost with the guard: items, counts | since the checkpoint | delivered twice | ends with | time to end |',
    '| --- | --- | --: | --: | --: | --: | --- | --: |',
    ...rows.map(
      ({ cell: { exit, endpoint }, result: { emitted, counted, plain, guard } }) =>
        `| ${exit.name} | ${endpoint} | ${plain.lost} of ${emitted}, ${plain.uncounted} of ${counted} | ${guard.lost}, ${guard.uncounted} | ${guard.sinceCheckpoint} | ${guard.duplicates} | ${ends(plain.end, guard.end)} | ${rounded(guard.exitMillis)} |`,
    ),
    '',
    "Since the checkpoint is what a process had counted that had no last word: with the guard's defaults, at most ten seconds of it. " +
      'Delivered twice is what the endpoint had taken when the process died before it heard of it. ' +
      'Time to end is from the cause to the end, with the guard; the budget is the most that a signal or the end of the loop may be held up.',
    '',
    'Two ends are not those of the program without the guard:',
    '',
    ...EXITS.flatMap(({ name, differs }) =>
      differs === undefined ? [] : [`- ${name}: ${differs.because}.`],
    ),
    '',
    ...(kills === undefined
      ? []
      : [
          '## Killed at random',
          '',
          `${kills.runs.toLocaleString('en')} processes, two at a time in one folder, each killed by SIGKILL at a random moment of its first ` +
            `1.6 s, some of them while they sent or took over what others had left. ${kills.acknowledged.toLocaleString('en')} spans and log ` +
            `records had been accepted, which each process had written down once it was so: **${kills.lost} were lost**, ` +
            `${kills.duplicates.toLocaleString('en')} delivered twice.`,
          '',
        ]),
    ...exitSection(exitTimes),
    ...(day === undefined ? [] : daySection(day)),
    ...(skipped.length === 0
      ? []
      : ['Not had on the machine where this was made:', '', ...skipped.map(line => `- ${line}`), '']),
  ].join('\n');
}

function exitSection(times: readonly ExitTime[]): string[] {
  if (times.length === 0) return [];
  const shown = ({ median, worst }: Spread): string => `${median.toFixed(1)} ms | ${worst.toFixed(1)} ms`;
  return [
    '## How long process.exit() takes',
    '',
    'With 2,048 spans and 2,048 log records waiting, in a process that has just started, so that little is compiled. ' +
      'To the last listener of `exit` is what the guard can make longer; the whole is what the parent of the process sees.',
    '',
    '| | to the last listener: median | worst | whole: median | worst |',
    '| --- | --: | --: | --: | --: |',
    ...times.map(({ what, listeners, whole }) => `| ${what} | ${shown(listeners)} | ${shown(whole)} |`),
    '',
  ];
}

function daySection(day: Day): string[] {
  const { samples, accepted, dropped, pending, received, duplicates } = day;
  const { seconds, early, late, mostDiskBytes } = growthOf(samples);
  const count = (value: number): string => value.toLocaleString('en');
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  return [
    `## ${seconds / 3_600} hours without an endpoint`,
    '',
    `1,000 items a second, half spans and half log records, while the endpoint refuses every connection. The clock is made up, so that the ` +
      `hours pass in minutes; the disk, the sockets and the memory are real. **${count(accepted)}** items were accepted, ` +
      `**${count(dropped)}** given up for want of room, the oldest first, and **${count(pending)}** left when it ended: the sum is exact. ` +
      `The next start delivered ${count(received)} of these, ${count(duplicates)} of them twice.`,
    '',
    '| | from hour 2 to 8 | the last six hours |',
    '| --- | --: | --: |',
    `| resident memory, median | ${megabytes(early.rss)} | ${megabytes(late.rss)} |`,
    `| heap in use, median of moments | ${megabytes(early.heapUsed)} | ${megabytes(late.heapUsed)} |`,
    '',
    `The spool took at most ${count(mostDiskBytes)} of its ${count(256 * 1_048_576)} bytes.`,
    '',
  ];
}

function ends(plain: string, guard: string): string {
  return plain === guard ? guard : `${guard} (without: ${plain})`;
}

/** Coarse, so that the table changes when something changes. */
function rounded(millis: number): string {
  if (millis < 100) return '< 100 ms';
  return `${(Math.round(millis / 100) / 10).toFixed(1)} s`;
}
