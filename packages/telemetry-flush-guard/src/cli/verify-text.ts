import type { FoundDamage, Verification } from './verify.js';
import { bytesText, columns, countText, numberText } from './words.js';
import type { Paint } from './words.js';

/** What `verify` prints for people. */
export function verifyText(verification: Verification, paint: Paint): string {
  const { dir, files, bytes, records, items, damage, torn, newer, unreadable, ok } = verification;
  const lines = [
    paint.strong(dir),
    `${countText(files, 'file')} · ${bytesText(bytes)} · ${countText(records, 'record')}, ${countText(items, 'item')} among them`,
    '',
    ...section('damaged', damage, paint.bad),
    ...section('torn: records that were never finished, no damage', torn, paint.faint),
    ...list('written by a later version, not looked into', newer, paint.warning),
    ...list(
      'could not be read',
      unreadable.map(({ path, error }) => `${path}: ${error}`),
      paint.bad,
    ),
    ok ? paint.good('✔ no damage') : paint.bad(`✘ ${verdict(verification)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function verdict({ damage, unreadable }: Verification): string {
  const lost = damage.reduce((sum, { items }) => sum + items.length, 0);
  const pending = damage.reduce((sum, { pendingItems }) => sum + pendingItems, 0);
  return [
    ...(damage.length > 0
      ? [
          `damaged in ${countText(damage.length, 'place')}: ${countText(lost, 'item')} lost, ${numberText(pending)} of them not yet delivered`,
        ]
      : []),
    ...(unreadable.length > 0 ? [`${countText(unreadable.length, 'path')} could not be read`] : []),
  ].join('; ');
}

function section(title: string, found: readonly FoundDamage[], paint: (text: string) => string): string[] {
  if (found.length === 0) return [];
  const paths = [...new Set(found.map(({ path }) => path))];
  return [
    paint(`${title}:`),
    ...paths.flatMap(path => {
      const here = found.filter(each => each.path === path);
      const cells = here.map(({ offset, bytes }) => ['offset', numberText(offset), countText(bytes, 'byte')]);
      return [
        `  ${path}`,
        ...columns(cells).map((line, index) => `    ${line}   ${here[index]?.loss ?? ''}`),
      ];
    }),
    '',
  ];
}

function list(title: string, paths: readonly string[], paint: (text: string) => string): string[] {
  return paths.length === 0 ? [] : [paint(`${title}:`), ...paths.map(path => `  ${path}`), ''];
}
