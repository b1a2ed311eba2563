import type { KillReport } from '../killed/perform-kill.js';
import type { Report } from '../report/report.js';
import type { Paint } from './colours.js';

/** A report in full, as lines for a terminal or a log. */
export function reportLines(report: Report, paint: Paint): string[] {
  return [...checkLines(report, paint, () => true), ...report.sentences, ''];
}

/** A report without the checks that hold. */
export function briefReportLines(report: Report, paint: Paint): string[] {
  const all = report.groups.flatMap(({ checks }) => checks);
  const held = all.filter(({ holds }) => holds).length;
  return [
    ...checkLines(report, paint, holds => !holds),
    ...report.sentences,
    paint('dim', `${held} of ${all.length} checks hold.`),
  ];
}

/**
 * The end of everything: what was seen of each fault, by which metrics and how to see more of it, and whether all is
 * well.
 *
 * @param serve whether the service goes on, so that there is nothing to start
 */
export function closingLines(
  reports: readonly Report[],
  kills: readonly KillReport[],
  serve: boolean,
  paint: Paint,
): string[] {
  const lines: string[] = [];
  if (reports.length > 1) {
    lines.push('', paint('bold', 'What the metrics said'));
    for (const report of reports) lines.push(...conclusionLines(report, paint), '');
    for (const { story, sentence } of kills) lines.push(sentence, nextLine(`--fault ${story.name}`), '');
  }
  const absent = [...new Set(reports.flatMap(report => report.absent))];
  if (absent.length > 0) {
    lines.push(`Not to be had on ${process.platform}, hence neither shown nor judged: ${absent.join(', ')}.`);
  }
  const failures = [...reports, ...kills].flatMap(report => report.failures);
  // What is lost stands in the sentence.
  const isMarked = reports.some(report => report.failures.length > 0);
  lines.push(
    failures.length === 0
      ? paint('green', 'Everything as expected.')
      : paint('red', `Not as expected${isMarked ? ', see FAIL above' : ''}: ${failures.join('; ')}.`),
  );
  const [only, ...others] = reports;
  if (serve || only === undefined) return lines;
  return others.length > 0
    ? [...lines, '', 'To watch all of it in your browser, round and round:', nextLine('--serve')]
    : [...lines, '', 'To look at the service afterwards:', nextLine(`--fault ${only.fault} --serve`)];
}

/** What was seen of one fault, the metrics that showed it, and the command that shows more. */
export function conclusionLines({ fault, faultSentence, metrics }: Report, paint: Paint): string[] {
  return [faultSentence, `  seen  ${paint('dim', metrics.join(', '))}`, nextLine(`--fault ${fault} --serve`)];
}

/** A command that works as it stands, from the root of the repository. */
function nextLine(options: string): string {
  return `  next  npm run demo -- ${options}`;
}

/** Groups of checks, without the groups of which there is nothing to show. */
function checkLines({ groups }: Report, paint: Paint, isShown: (holds: boolean) => boolean): string[] {
  return groups.flatMap(({ heading, checks }) => {
    const shown = checks.filter(({ holds }) => isShown(holds));
    if (shown.length === 0) return [];
    return [
      paint('bold', `${heading.slice(0, 1).toUpperCase()}${heading.slice(1)}`),
      ...shown.map(
        ({ holds, subject, finding }) =>
          `  ${holds ? paint('green', 'ok  ') : paint('red', 'FAIL')}  ${subject}: ${finding}`,
      ),
      '',
    ];
  });
}
