import { catalogue } from 'example-prometheus-grafana/dist/src/catalogue/catalogue.js';
import { labelName, prometheusName } from 'example-prometheus-grafana/dist/src/catalogue/spelling.js';
import { parseScrape } from 'test-helpers/prometheus-text';

/** How a line of a scrape goes on. */
interface Line {
  /** Name and labels. */
  readonly series: string;
  readonly kind: 'counter' | 'whole counter' | 'gauge' | 'constant';
  readonly value: number;
}

/** What an instance says of itself at any time: made from a scrape of a real process. */
export interface InstanceTemplate {
  readonly lines: readonly Line[];
  /** Comments on the families are the same for all. */
  readonly types: ReadonlyMap<string, string>;
}

/** Counters of the template are what has come together in so many seconds. */
const TEMPLATE_SECONDS = 20;

/** One instance of a hundred begins anew so often, the others hardly ever. */
const RESTARTING_SECONDS = 1_200;

const LASTING_SECONDS = 1_000_000;

/** @param text of a real process; what the service itself adds to it is left out */
export function templateOf(text: string): InstanceTemplate {
  const { samples, types } = parseScrape(text);
  const kinds = new Map(types.map(({ family, type }) => [family, type]));
  const lines = samples
    .filter(({ name }) => !name.startsWith('demo_'))
    .map(({ name, labels, value }): Line => {
      const family = kinds.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, '');
      const type = kinds.get(family);
      const isCounter = type === 'counter' || type === 'histogram';
      // Limits stay what they are.
      const isConstant = value === 0 || /_limit$|target_info/.test(name);
      const kind = isCounter
        ? Number.isInteger(value)
          ? 'whole counter'
          : 'counter'
        : isConstant
          ? 'constant'
          : 'gauge';
      return { series: seriesText(name, labels), kind, value };
    });
  return { lines: withAllCollections(lines), types: kinds };
}

/** A short scrape has not seen every type of collection; a process that runs for long has. */
function withAllCollections(lines: readonly Line[]): Line[] {
  const duration = catalogue.find(({ name }) => name === 'v8js.gc.duration')!;
  const family = prometheusName(duration, 'exporter');
  const [attribute = '', types = []] = Object.entries(duration.attributes)[0] ?? [];
  const matcher = (type: string): string => `${labelName(attribute)}="${type}"`;
  const ofType = (type: string): Line[] =>
    lines.filter(({ series }) => series.startsWith(`${family}_`) && series.includes(matcher(type)));
  // `unknown` is for types that a V8 to come may have.
  const missing = types.filter(type => type !== 'unknown' && ofType(type).length === 0);
  return [
    ...lines,
    ...missing.flatMap(type =>
      ofType('minor').map(line => ({
        ...line,
        series: line.series.replace(matcher('minor'), matcher(type)),
      })),
    ),
  ];
}

/** The text that one of the instances exposes at a time; with the time of each sample if that is in the past. */
export function instanceText(
  { lines, types }: InstanceTemplate,
  instance: number,
  atSeconds: number,
  timeMillis?: number,
): string {
  // Instances differ in load, by up to a factor of four, and in size.
  const speed = 0.5 + ((instance * 37) % 100) / 66;
  const period = instance % 100 === 0 ? RESTARTING_SECONDS : LASTING_SECONDS;
  const factor = (speed * ((atSeconds + instance * 211) % period)) / TEMPLATE_SECONDS;
  const wave = 1 + 0.1 * Math.sin(atSeconds / 90 + instance);
  const time = timeMillis === undefined ? '' : ` ${timeMillis}`;
  let text = '';
  for (const [family, type] of types) text += `# TYPE ${family} ${type}\n`;
  for (const { series, kind, value } of lines) {
    text += `${series} ${valueAt(kind, value, factor, speed * wave)}${time}\n`;
  }
  return text;
}

function valueAt(kind: Line['kind'], value: number, factor: number, scale: number): number {
  switch (kind) {
    case 'whole counter':
      return Math.floor(value * factor);
    case 'counter':
      return value * factor;
    case 'gauge':
      return value * scale;
    case 'constant':
      return value;
  }
}

function seriesText(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}
