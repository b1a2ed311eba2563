/** A column's heading, and on which side its cells stand. */
export interface Column {
  readonly heading: string;
  readonly align?: 'left' | 'right';
}

/**
 * A Markdown table whose cells are padded to their columns' width: readable in a terminal as well, and what Prettier
 * would make of it. A `|` in a cell is escaped.
 */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const headings = columns.map(({ heading }) => escaped(heading));
  const cells = rows.map(row => row.map(escaped));
  const widths = columns.map((_, column) =>
    Math.max(3, ...[headings, ...cells].map(row => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    `| ${columns.map(({ align }, column) => padded(row[column] ?? '', widths[column] ?? 0, align)).join(' | ')} |`;
  const rule = columns.map(({ align }, column) =>
    align === 'right' ? `${'-'.repeat((widths[column] ?? 0) - 1)}:` : '-'.repeat(widths[column] ?? 0),
  );
  return [line(headings), `| ${rule.join(' | ')} |`, ...cells.map(line)].join('\n');
}

function padded(cell: string, width: number, align: Column['align']): string {
  return align === 'right' ? cell.padStart(width) : cell.padEnd(width);
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
