/** One line of a scrape. */
export interface Series {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n' };

/**
 * Reads the text format of Prometheus, version 0.0.4, comments aside
 * (https://prometheus.io/docs/instrumenting/exposition_formats/).
 *
 * @throws Error naming a line that is none
 */
export function parsePrometheusText(text: string): Series[] {
  const series: Series[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const match = LINE.exec(line);
    if (match === null) throw new Error(`not a line of a Prometheus scrape: ${line}`);
    const [, name = '', labelText = '', valueText = ''] = match;
    const labels = new Map<string, string>();
    for (const [, label = '', value = ''] of labelText.matchAll(LABEL)) labels.set(label, unescaped(value));
    series.push({ name, labels, value: parsedValue(valueText) });
  }
  return series;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => ESCAPES[character] ?? character);
}

function parsedValue(text: string): number {
  if (/^[+-]?Inf$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}
