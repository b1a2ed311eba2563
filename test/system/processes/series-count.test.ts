import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getHeapSpaceStatistics } from 'node:v8';
import { expect } from 'chai';
import { askedProcesses } from 'test-helpers/asked-process';
import type { AskedProcess } from 'test-helpers/asked-process';
import { ownLabels, parseScrape } from 'test-helpers/prometheus-text';
import type { ScrapedSample, ScrapedText } from 'test-helpers/prometheus-text';
import { whyNotHere } from 'test-helpers/sdk-line';
import type { SdkLine } from 'test-helpers/sdk-line';
import { skipBecause } from 'test-helpers/skip-because';
import { MEASURING_PACKAGES, catalogue, familyOf, readings, sampleNamesOf } from './catalogue.js';
import type { CatalogueRow } from './catalogue.js';
import { makeContainer } from './fixtures/container.js';
import type { Container } from './fixtures/container.js';
import type { commands } from './fixtures/scraped-process.js';

const FIXTURE = join(__dirname, 'fixtures', 'scraped-process.js');
const MOST_SERIES = 200;
const MEGABYTE = 1024 * 1024;

/** Rows that only a cgroup of version 2 has, and only where the kernel accounts for stalls. */
const ONLY_WITH_PSI = ['vitals.container.memory.stall.time'];
/** A row that is there once something went wrong. */
const ONLY_AFTER_ERRORS = ['vitals.sampler.errors'];
/** An attribute that an option adds to a row that is there without it. */
const WITHOUT_ATTRIBUTES = ['vitals.gc.pause.p95', 'vitals.gc.pause.max'];

/** Readings that an option turns on, and one that is accounted for only when it has failed. */
const UNUSUAL_READINGS = ['fd.connections', 'gc.subscriber'];

/** Values of attributes that the catalogue lists for other machines too, or cannot list. */
const VALUES_HERE: Readonly<Record<string, () => readonly string[]>> = {
  'v8js.heap.space.name': () => getHeapSpaceStatistics().map(space => space.space_name),
  // No Node.js that there is has a collection of a kind that is unknown.
  'v8js.gc.type': () => ['minor', 'major', 'incremental', 'weakcb'],
  'vitals.reading': () => [...readings].filter(reading => !UNUSUAL_READINGS.includes(reading)),
};

/** Every line that carries a number is one series, those of a histogram too, but for what describes the resource. */
function seriesOf({ samples }: ScrapedText): ScrapedSample[] {
  return samples.filter(({ name }) => name !== 'target_info');
}

function isExpected(row: CatalogueRow, { inCgroup }: { inCgroup: boolean }): boolean {
  if (row.optIn !== undefined || ONLY_AFTER_ERRORS.includes(row.name)) return false;
  if (row.platforms !== 'all' && !(row.platforms as readonly string[]).includes(process.platform))
    return false;
  if (row.name.startsWith('container.') || row.name === 'vitals.container.memory.events') return inCgroup;
  if (ONLY_WITH_PSI.includes(row.name)) return inCgroup && hasPressure();
  return true;
}

function hasPressure(): boolean {
  return (
    existsAndReads('/sys/fs/cgroup/memory.pressure') ||
    existsAndReads('/sys/fs/cgroup/init.scope/memory.pressure')
  );
}

function existsAndReads(path: string): boolean {
  try {
    return readFileSync(path, 'latin1') !== '';
  } catch {
    return false;
  }
}

/** How many series a row can have with the defaults on this Node.js, in any container, while no reading fails. */
function mostSeriesOf(row: CatalogueRow): number {
  if (row.optIn !== undefined || ONLY_AFTER_ERRORS.includes(row.name)) return 0;
  if (WITHOUT_ATTRIBUTES.includes(row.name)) return 1;
  const lines = row.kind === 'histogram' ? (row.buckets?.length ?? 0) + 3 : 1;
  return Object.entries(row.attributes).reduce(
    (product, [attribute, values]) => product * (VALUES_HERE[attribute]?.().length ?? values.length),
    lines,
  );
}

async function scrape(port: number): Promise<ScrapedText> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  return parseScrape(await response.text());
}

for (const line of [2, 3] as const satisfies readonly SdkLine[]) {
  describe(`a scrape of everything, OpenTelemetry SDK ${line}.x`, () => {
    const launch = askedProcesses(after);
    let child: AskedProcess<typeof commands>;
    let container: Container | undefined;
    let scraped: ScrapedText;
    let gcs: Readonly<Record<string, number>>;
    const expected = (): CatalogueRow[] =>
      catalogue.filter(row => isExpected(row, { inCgroup: container !== undefined }));
    const rowOf = ({ name, labels }: ScrapedSample): CatalogueRow | undefined =>
      catalogue.find(
        row =>
          row.scope === labels['otel_scope_name'] &&
          sampleNamesOf(row).includes(name) &&
          row.optIn === undefined,
      );

    before(async function () {
      const reason =
        process.platform === 'linux' ? whyNotHere(line) : 'the whole catalogue is there on Linux only';
      if (reason !== undefined) skipBecause(this, reason);
      const made = makeContainer('series-count', 1024 * MEGABYTE);
      container = typeof made === 'string' ? undefined : made;
      child = await launch(FIXTURE, {
        nodeArgs: ['--expose-gc'],
        ...(container?.fixtureOptions ?? { env: { CONTAINER_MEMORY_LIMIT_MB: '1024' } }),
      });
      const port = await child.ask('start', { line, short: true });
      gcs = await child.ask('load');
      // Growth is there when its window has seen enough.
      for (let attempt = 0; attempt < 200; attempt += 1) {
        scraped = await scrape(port);
        const names = new Set(scraped.samples.map(({ name }) => name));
        const isComplete = expected().every(row => sampleNamesOf(row).every(name => names.has(name)));
        const signals = scraped.samples.filter(({ name }) => name === 'vitals_memory_growth');
        if (isComplete && signals.length === 4) return;
        await child.ask('collect');
      }
    });

    after(async () => {
      await container?.remove();
    });

    it(`has at most ${MOST_SERIES} series`, () => {
      const series = seriesOf(scraped);
      const ofScope = (scope: string): number =>
        series.filter(({ labels }) => labels['otel_scope_name'] === scope).length;
      const parts = [...MEASURING_PACKAGES, 'otel-runtime-kit'].map(scope => `${scope} ${ofScope(scope)}`);
      const where =
        container === undefined ? 'a limit by the environment' : `cgroup v${container.cgroup.version}`;
      console.log(`      ${series.length} series with ${where}: ${parts.join(', ')}`);
      expect(series.length).to.be.within(100, MOST_SERIES);
    });

    it('could not have more in a container of the other version, nor after a warning', () => {
      const most = catalogue.reduce((sum, row) => sum + mostSeriesOf(row), 0);
      expect(most).to.be.within(seriesOf(scraped).length, MOST_SERIES);
    });

    it('has every row of the catalogue that there can be here', () => {
      const names = new Set(scraped.samples.map(({ name }) => name));
      const missing = expected().filter(row => !sampleNamesOf(row).every(name => names.has(name)));
      expect(missing.map(({ name }) => name)).to.deep.equal([]);
    });

    it('has nothing that the catalogue does not have: no metric, no attribute, no value', () => {
      const undeclared = seriesOf(scraped).filter(sample => {
        const row = rowOf(sample);
        if (row === undefined || !isExpected(row, { inCgroup: container !== undefined })) return true;
        const labels = Object.entries(ownLabels(sample)).filter(([label]) => label !== 'le');
        return !labels.every(([label, value]) =>
          Object.entries(row.attributes).some(
            ([attribute, values]) =>
              attribute.replaceAll('.', '_') === label &&
              (VALUES_HERE[attribute]?.() ?? values).includes(value),
          ),
        );
      });
      expect(undeclared).to.deep.equal([]);
    });

    it('declares each family once, with the type of its instrument', () => {
      const types = { histogram: 'histogram', observableCounter: 'counter', counter: 'counter' } as const;
      const wanted = expected().map(row => ({
        family: familyOf(row),
        type: (types as Readonly<Record<string, string>>)[row.kind] ?? 'gauge',
      }));
      const declared = scraped.types.filter(({ family }) => family !== 'target_info');
      expect(declared).to.have.deep.members(wanted);
    });

    it('has every type of collection', () => {
      const byType = Object.fromEntries(
        scraped.samples
          .filter(({ name }) => name === 'v8js_gc_duration_count')
          .map(({ labels, value }) => [labels['v8js_gc_type'] ?? '', value]),
      );
      expect(byType).to.have.all.keys('minor', 'major', 'incremental', 'weakcb');
      expect(gcs).to.include.keys('1', '4', '8');
    });
  });
}
