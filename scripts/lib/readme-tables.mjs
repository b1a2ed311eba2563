/** @typedef {import('../../packages/otel-runtime-kit/dist/src/otel/index.js').MetricDefinition} MetricDefinition */

/** The options table of a README, from a package's `optionRules`. */
export function optionsTable(rules) {
  const rows = Object.entries(rules).map(([name, { type, default: value, description }]) => [
    code(name),
    code(type),
    value === undefined ? '—' : code(JSON.stringify(value)),
    description,
  ]);
  return table(['option', 'type', 'default', 'description'], rows);
}

/** The metrics table of a README, from `MetricDefinition`s. */
export function metricsTable(definitions) {
  const rows = definitions.map(metric => [
    code(metric.name),
    `${spoken(metric.kind)}, ${code(metric.unit)}`,
    attributes(metric.attributes),
    metric.platforms === 'all' ? 'all' : metric.platforms.map(platformName).join(', '),
    metric.stability === 'own' ? 'own' : `semconv, ${metric.stability}`,
    metric.optIn === undefined ? 'yes' : `no: ${code(metric.optIn)}`,
    metric.source,
  ]);
  return table(
    ['name', 'kind, unit', 'attributes (values)', 'platforms', 'stability', 'on by default', 'source'],
    rows,
  );
}

/**
 * A text with what is between `<!-- name -->` and `<!-- /name -->` replaced.
 *
 * @throws Error if the markers are not there exactly once
 */
export function replaceSection(text, name, content) {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  if (
    text.split(open).length !== 2 ||
    text.split(close).length !== 2 ||
    text.indexOf(close) < text.indexOf(open)
  ) {
    throw new Error(`needs ${open} … ${close} once`);
  }
  return `${text.split(open)[0]}${open}\n\n${content}\n${close}${text.split(close)[1]}`;
}

/**
 * The first table under a heading of second rank.
 *
 * @throws Error if there is none
 */
export function sectionTable(text, heading) {
  const section = text.split(/^## /m).find(part => part.startsWith(`${heading}\n`));
  const rows = section?.match(/(?:^\|.*\n)+/m)?.[0];
  if (rows === undefined) throw new Error(`no table under "## ${heading}"`);
  return rows;
}

const PLATFORM_NAMES = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

function platformName(platform) {
  return PLATFORM_NAMES[platform] ?? platform;
}

/** `observableUpDownCounter` → `observable up-down counter`. */
function spoken(kind) {
  return kind
    .replace('UpDown', 'Up-down')
    .replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
    .trim();
}

/** Lists longer than this are told by their beginning: a table must be read. */
const MOST_VALUES = 12;

function attributes(values) {
  const all = Object.entries(values).map(([name, list]) => `${code(name)} (${shortList(list)})`);
  return all.length === 0 ? '—' : all.join(', ');
}

function shortList(list) {
  if (list.length <= MOST_VALUES) return list.join(', ');
  return `${list.slice(0, 3).join(', ')} and ${list.length - 3} more`;
}

function code(text) {
  return `\`${text}\``;
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows]
    .map(cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |\n`)
    .join('');
}
