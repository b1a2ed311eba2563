/** One line of a scrape that carries a number. */
export interface ScrapedSample {
  /** As it is written, for instance `v8js_gc_duration_bucket`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A scrape in the text format of Prometheus. */
export interface ScrapedText {
  readonly samples: readonly ScrapedSample[];
  /** What each `# TYPE` line says, in order; a family that is declared twice is here twice. */
  readonly types: readonly { readonly family: string; readonly type: string }[];
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/;
const TYPE = /^# TYPE (\S+) (\S+)$/;

/** @throws Error if a line makes no sense, or a series has two values */
export function parseScrape(text: string): ScrapedText {
  const samples: ScrapedSample[] = [];
  const types: { family: string; type: string }[] = [];
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    const [, family, type] = TYPE.exec(line) ?? [];
    if (family !== undefined && type !== undefined) types.push({ family, type });
    if (line === '' || line.startsWith('#')) continue;
    const match = SAMPLE.exec(line);
    if (match === null) throw new Error(`not a line of a scrape: ${line}`);
    const [, name = '', labelText = '', value = ''] = match;
    if (seen.has(`${name}{${labelText}}`)) throw new Error(`${name}{${labelText}} has two values`);
    seen.add(`${name}{${labelText}}`);
    const labels = Object.fromEntries(
      Array.from(labelText.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g), ([, key, label]) => [
        key ?? '',
        label ?? '',
      ]),
    );
    samples.push({ name, labels, value: value === '+Inf' ? Infinity : Number(value) });
  }
  return { samples, types };
}

/** The labels that only say which package measured. */
export function ownLabels({ labels }: ScrapedSample): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith('otel_scope_')));
}
