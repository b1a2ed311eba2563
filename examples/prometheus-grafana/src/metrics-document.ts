import type { CatalogueMetric } from './catalogue/catalogue.js';
import { catalogue } from './catalogue/catalogue.js';
import { prometheusName } from './catalogue/spelling.js';
import { OTHER_NAMES } from './catalogue/other-names.js';

/** Lists longer than this are told by their beginning. */
const MOST_VALUES = 14;

const GROUPS: readonly (readonly [heading: string, packageName: string])[] = [
  ['Memory', 'otel-memory-metrics'],
  ['Garbage collection', 'otel-gc-instrumentation'],
  ['File descriptors', 'otel-fd-watch'],
];

/** The text of docs/metrics.md. */
export function metricsDocument(): string {
  const sections = GROUPS.flatMap(([heading, name]) => [
    `## ${heading}`,
    `Emitted by [\`${name}\`](../packages/${name}/README.md), in the scope \`${name}\`.`,
    table(catalogue.filter(({ packages }) => packages.length === 1 && packages[0] === name)),
  ]);
  return [
    '# Metrics',
    'Every metric that the packages emit. Generated from their definitions: `npm run docs`.',
    [
      'Prometheus spells names in two ways. _Scraped_: from `@opentelemetry/exporter-prometheus`, which adds `_total` to counters and nothing else. _By OTLP_:',
      "through Prometheus' own OTLP receiver, the Collector or remote write, which add the unit too. Attributes become labels with underscores, both ways. Lines of a",
      'histogram end in `_bucket`, `_sum` and `_count` besides.',
    ].join('\n'),
    [
      'Stability is that of the name: _semconv_ and how far the semantic conventions have settled it, or _own_. What is opt-in names the option that turns it on.',
      '_Also known as_ are names that other exporters and older guides have for the same thing; `promClientViews()` of',
      '[`otel-node-vitals`](../packages/otel-node-vitals/README.md) makes those of prom-client.',
    ].join('\n'),
    ...sections,
    '## Their own cost',
    'Emitted by each of the three packages, in its own scope, for its own readings.',
    table(catalogue.filter(({ packages }) => packages.length > 1)),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function table(metrics: readonly CatalogueMetric[]): string {
  const head = [
    'name',
    'what',
    'kind, unit',
    'attributes (values)',
    'scraped',
    'by OTLP',
    'platforms',
    'stability',
    'source',
    'also known as',
  ];
  return [head, head.map(() => '---'), ...metrics.map(row)]
    .map(cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

function row(metric: CatalogueMetric): string[] {
  const { name, description, kind, unit, attributes, platforms, stability, source, optIn } = metric;
  return [
    code(name),
    description + (optIn === undefined ? '' : ` Opt-in: ${code(optIn)}.`),
    `${spoken(kind)}, ${code(unit)}`,
    Object.entries(attributes)
      .map(([attribute, values]) => `${code(attribute)} (${shortList(values)})`)
      .join(', ') || '—',
    code(prometheusName(metric, 'exporter')),
    code(prometheusName(metric, 'otlp')),
    platforms === 'all' ? 'all' : platforms.map(platform => PLATFORMS[platform]).join(', '),
    stability === 'own' ? 'own' : `semconv, ${stability}`,
    source,
    (OTHER_NAMES[name] ?? []).map(code).join(', ') || '—',
  ];
}

const PLATFORMS = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' } as const;

/** `observableUpDownCounter` → `observable up-down counter`. */
function spoken(kind: string): string {
  return kind
    .replace('UpDown', 'Up-down')
    .replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
    .trim();
}

function shortList(values: readonly string[]): string {
  if (values.length <= MOST_VALUES) return values.join(', ');
  return `${values.slice(0, 3).join(', ')} and ${values.length - 3} more`;
}

function code(text: string): string {
  return `\`${text}\``;
}
