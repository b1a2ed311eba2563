import { isAllDelivered } from './drain-report.js';
import type { DrainReport, DrainedLane } from './drain-report.js';
import { columns, countText, durationText, numberText } from './words.js';
import type { Paint } from './words.js';

const HEAD = ['', 'found', 'delivered', 'dropped', 'left'];

/** What `drain` says at its end. */
export function drainText(report: DrainReport, paint: Paint): string {
  const { dir, lanes, takenOver, seconds, living, newer, foreign, unreadable } = report;
  const table = columns([HEAD, ...lanes.map(laneCells)]);
  const lines = [
    paint.strong(dir),
    `${countText(takenOver, 'dead process', 'dead processes')} taken over · ${durationText(seconds * 1_000)}`,
    '',
    ...(lanes.length === 0
      ? []
      : [
          ...table.map((line, index) => `  ${index === 0 ? paint.faint(line) : line}`),
          ...lanes.flatMap(notesOf),
          '',
        ]),
    ...section(
      'alive, left alone',
      living.map(({ path, why }) => `${path}: ${why}`),
      paint.faint,
    ),
    ...section('written by a later version, left alone', newer, paint.warning),
    ...section('not part of a spool, left alone', foreign, paint.faint),
    ...section(
      'could not be taken over',
      unreadable.map(({ path, error }) => `${path}: ${error}`),
      paint.bad,
    ),
    verdict(report, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function laneCells({ lane, found, delivered, dropped, left }: DrainedLane): string[] {
  return [lane, ...[found, delivered, sumOf(dropped), left].map(numberText)];
}

function notesOf({ lane, dropped, left, why }: DrainedLane): string[] {
  const reasons = Object.entries(dropped).filter(([, count]) => count > 0);
  const because = why === null ? '' : `: ${why}`;
  return [
    ...(reasons.length === 0
      ? []
      : [
          `  ${lane} dropped: ${reasons.map(([reason, count]) => `${reason} ${numberText(count)}`).join(', ')}`,
        ]),
    ...(left > 0 || reasons.length > 0 ? [`  ${lane}${because === '' ? ' left' : because}`] : []),
  ];
}

function verdict(report: DrainReport, paint: Paint): string {
  const { end, lanes } = report;
  const [delivered, left, lost] = [
    lanes.reduce((sum, lane) => sum + lane.delivered, 0),
    lanes.reduce((sum, lane) => sum + lane.left, 0),
    lanes.reduce((sum, lane) => sum + sumOf(lane.dropped), 0),
  ];
  if (end === 'finished' && isAllDelivered(report)) {
    return paint.good(
      delivered === 0 ? '✔ nothing to deliver' : `✔ ${countText(delivered, 'item')} delivered`,
    );
  }
  const counts = [
    `${countText(delivered, 'item')} delivered`,
    ...(lost > 0 ? [`${numberText(lost)} dropped`] : []),
    ...(left > 0 ? [`${numberText(left)} left for the next start or drain`] : []),
  ].join(', ');
  return paint.bad(`✘ ${ENDS[end]}${counts}`);
}

const ENDS = {
  finished: '',
  broken: 'given up: ',
  timeout: 'its time is over: ',
  interrupted: 'interrupted: ',
} as const;

function section(title: string, lines: readonly string[], paint: (text: string) => string): string[] {
  return lines.length === 0 ? [] : [paint(`${title}:`), ...lines.map(line => `  ${line}`), ''];
}

function sumOf(dropped: DrainedLane['dropped']): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}
