import { stripVTControlCharacters } from 'node:util';

/** From the mark of a check to its text. */
const HANGING = 6;

/** Breaks a line between words so that it fits. What follows an indented first line hangs under its text. */
export function wrap(line: string, columns: number): string[] {
  const first = /^ */.exec(line)?.[0] ?? '';
  const next = first === '' ? '' : first + ' '.repeat(HANGING);
  const lines: string[] = [];
  let current = '';
  for (const word of line.trimStart().split(' ')) {
    const longer = current === '' ? first + word : `${current} ${word}`;
    if (current !== '' && stripVTControlCharacters(longer).length > columns) {
      lines.push(current);
      current = next + word;
    } else {
      current = longer;
    }
  }
  return [...lines, current];
}
