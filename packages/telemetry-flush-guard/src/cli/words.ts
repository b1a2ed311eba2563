/** How a terminal shows what stands out; nothing where it shows no colours. */
export interface Paint {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warning: (text: string) => string;
}

export function paintFor(hasColours: boolean): Paint {
  const wrap =
    (open: number, close: number) =>
    (text: string): string =>
      hasColours ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    strong: wrap(1, 22),
    faint: wrap(2, 22),
    good: wrap(32, 39),
    bad: wrap(31, 39),
    warning: wrap(33, 39),
  };
}

/** `14,310`. */
export function numberText(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 item`, `2 items`. */
export function countText(count: number, one: string, more = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : more}`;
}

/** `1.4 MiB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** `3 min`: the two largest units would be more than anybody needs. */
export function durationText(millis: number): string {
  const seconds = Math.max(0, millis / 1000);
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** Rows in columns as wide as they have to be; all but the first column to the right. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows.map(row =>
    row
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('   ')
      .trimEnd(),
  );
}
