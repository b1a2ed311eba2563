import { basename } from 'node:path';
import type { InspectedProcess, Inspection } from './inspect.js';
import type { LaneSummary } from './lane-summary.js';
import { bytesText, columns, countText, durationText, numberText } from './words.js';
import type { Paint } from './words.js';

const HEAD = ['', 'segments', 'accepted', 'delivered', 'dropped', 'pending', 'size', 'oldest'];

/** What `inspect` prints for people. */
export function inspectText(inspection: Inspection, paint: Paint): string {
  const { dir, processes, pending, bytes, oldest, at, newer, foreign, unreadable } = inspection;
  const nowMillis = Date.parse(at);
  const age = oldest === null ? '' : `, the oldest for ${durationText(nowMillis - Date.parse(oldest))}`;
  const lines = [
    paint.strong(dir),
    `${countText(processes.length, 'process', 'processes')} · ${bytesText(bytes)} · ${countText(pending, 'item')} pending${age}`,
    '',
    ...processes.flatMap(process => [...processLines(process, nowMillis, paint, ''), '']),
    ...notes('written by a later version, not looked into', newer, paint.warning),
    ...notes('not part of a spool, left alone', foreign, paint.faint),
    ...notes(
      'could not be read',
      unreadable.map(({ path, error }) => `${path}: ${error}`),
      paint.bad,
    ),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function processLines(process: InspectedProcess, nowMillis: number, paint: Paint, indent: string): string[] {
  const { path, alive, why, lastHeartbeat, lanes, adopted } = process;
  const state = alive ? paint.good('● alive') : paint.warning('○ dead');
  const isTakenOver = indent !== '';
  const silence = why.includes('heartbeat')
    ? ''
    : `, last heartbeat ${durationText(nowMillis - Date.parse(lastHeartbeat))} ago`;
  const rows = lanes.map(lane => laneCells(lane, nowMillis));
  const table = columns([HEAD, ...rows]).map((line, index) => (index === 0 ? paint.faint(line) : line));
  return [
    `${indent}${isTakenOver ? paint.faint('↳ taken over') : state}  ${paint.strong(basename(path))}  ${paint.faint(`${why}${silence}`)}`,
    ...(rows.length === 0 ? [paint.faint(`${indent}  nothing`)] : table.map(line => `${indent}  ${line}`)),
    ...lanes.flatMap(lane => laneNotes(lane, paint).map(note => `${indent}  ${note}`)),
    ...adopted.flatMap(each => ['', ...processLines(each, nowMillis, paint, `${indent}  `)]),
  ];
}

function laneCells(lane: LaneSummary, nowMillis: number): string[] {
  const { segments, accepted, delivered, dropped, pending, bytes } = lane;
  const begun = segments.flatMap(segment => (segment.pending > 0 ? (segment.beganMillis ?? []) : []));
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  return [
    lane.lane,
    ...[segments.length, accepted, delivered, lost, pending].map(numberText),
    bytesText(bytes),
    begun.length === 0 ? '–' : durationText(nowMillis - Math.min(...begun)),
  ];
}

function laneNotes({ lane, dropped, damaged, newer }: LaneSummary, paint: Paint): string[] {
  const reasons = Object.entries(dropped).filter(([, count]) => count > 0);
  return [
    ...(reasons.length === 0
      ? []
      : [
          paint.warning(
            `${lane} dropped: ${reasons.map(([reason, count]) => `${reason} ${numberText(count)}`).join(', ')}`,
          ),
        ]),
    ...(damaged === 0 ? [] : [paint.bad(`${lane}: ${countText(damaged, 'item')} damaged (see verify)`)]),
    ...(newer.length === 0
      ? []
      : [paint.warning(`${lane}: ${countText(newer.length, 'segment')} of a later version`)]),
  ];
}

function notes(title: string, paths: readonly string[], paint: (text: string) => string): string[] {
  return paths.length === 0 ? [] : [paint(`${title}:`), ...paths.map(path => `  ${path}`), ''];
}
