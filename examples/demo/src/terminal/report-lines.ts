import type { Report } from '../report/report.js';
import type { Paint } from './colours.js';

/** A report as lines for a terminal or a log. */
export function reportLines({ sentences, groups, absent, failures }: Report, paint: Paint): string[] {
  const lines: string[] = [];
  for (const { heading, checks } of groups) {
    lines.push(paint('bold', `${heading.slice(0, 1).toUpperCase()}${heading.slice(1)}`));
    for (const { holds, subject, finding } of checks) {
      lines.push(`  ${holds ? paint('green', 'ok  ') : paint('red', 'FAIL')}  ${subject}: ${finding}`);
    }
    lines.push('');
  }
  lines.push(...sentences, '');
  if (absent.length > 0) {
    lines.push(`Not to be had on ${process.platform}, hence neither shown nor judged: ${absent.join(', ')}.`);
  }
  if (failures.length === 0) {
    lines.push(paint('green', 'Everything as expected.'));
  } else {
    lines.push(paint('red', `Not as expected, see FAIL above: ${failures.join('; ')}.`));
  }
  return lines;
}
