import { join } from 'node:path';
import { expect } from 'chai';
import { parseScrape } from 'test-helpers/prometheus-text';
import type { ScrapedText } from 'test-helpers/prometheus-text';
import { runFixture } from 'test-helpers/run-fixture';
import { whyNotHere } from 'test-helpers/sdk-line';
import type { SdkLine } from 'test-helpers/sdk-line';
import { seriesName } from 'test-helpers/sdk-metrics';
import { skipBecause } from 'test-helpers/skip-because';
import type { BothScrapes } from './fixtures/beside-prom-client.js';

const FIXTURE = join(__dirname, 'fixtures', 'beside-prom-client.js');

/** Names of prom-client that only another instrumentation has numbers for; `process_heap_bytes` is VmData, which we do not emit. */
const NOT_OURS =
  /^process_cpu_|^process_start_time_|^nodejs_eventloop_|^nodejs_active_|^nodejs_version_info|^process_heap_bytes$/;

/** How far two readings of the same process, a few milliseconds apart, may be from each other; all others are equal. */
const TOLERANCE: Record<string, number> = {
  process_resident_memory_bytes: 0.1,
  process_virtual_memory_bytes: 0.05,
  nodejs_heap_size_total_bytes: 0.2,
  nodejs_heap_size_used_bytes: 0.25,
  nodejs_external_memory_bytes: 0.05,
  nodejs_heap_space_size_total_bytes: 0.5,
  nodejs_heap_space_size_used_bytes: 0.5,
  nodejs_heap_space_size_available_bytes: 0.5,
};
/** Small spaces are changed a lot by little; new space is emptied by each collection. */
const SLACK_BYTES = 3 * 1024 * 1024;

const seriesOf = (scrape: ScrapedText): Map<string, { name: string; value: number }> =>
  new Map(
    scrape.samples
      .filter(({ name }) => !NOT_OURS.test(name))
      .map(({ name, labels, value }) => [seriesName(name, labels), { name, value }]),
  );

async function bothScrapes(...args: string[]): Promise<BothScrapes> {
  const result = await runFixture(FIXTURE, { args, nodeArgs: ['--expose-gc'] });
  expect(result.stderr).to.equal('');
  expect(result.code).to.equal(0);
  return JSON.parse(result.stdout) as BothScrapes;
}

for (const line of [2, 3] as const satisfies SdkLine[]) {
  describe(`promClientViews() beside prom-client 15 in one process, on SDK ${line}.x`, () => {
    let ours: ScrapedText;
    let theirs: ScrapedText;

    before(async function () {
      const reason = whyNotHere(line);
      if (reason !== undefined) skipBecause(this, reason);
      if (process.platform !== 'linux')
        skipBecause(this, 'prom-client reads memory and descriptors from /proc');
      const scrapes = await bothScrapes(String(line));
      [ours, theirs] = [parseScrape(scrapes.ours), parseScrape(scrapes.theirs)];
    });

    it('has every family that prom-client has and we have numbers for, with its type', () => {
      const wanted = theirs.types.filter(({ family }) => !NOT_OURS.test(family));
      expect(wanted.map(({ family }) => family)).to.include.members([
        'process_resident_memory_bytes',
        'process_max_fds',
        'nodejs_gc_duration_seconds',
        'nodejs_heap_space_size_available_bytes',
      ]);
      expect(ours.types).to.deep.include.members(wanted);
    });

    it('has exactly the series of prom-client in these families, label by label', () => {
      const wanted = seriesOf(theirs);
      const families = new Set([...wanted.values()].map(({ name }) => name));
      const had = [...seriesOf(ours)].filter(([, { name }]) => families.has(name)).map(([series]) => series);
      expect(had).to.have.members([...wanted.keys()]);
    });

    it('has the values of prom-client: collections and descriptors equal, memory as near as two readings are', () => {
      const had = seriesOf(ours);
      for (const [series, { name, value }] of seriesOf(theirs)) {
        const actual = had.get(series)?.value;
        if (name === 'nodejs_gc_duration_seconds_sum') expect(actual, series).to.be.closeTo(value, 1e-9);
        else if (!(name in TOLERANCE)) expect(actual, series).to.equal(value);
        else {
          const slack = Math.max(SLACK_BYTES, value * TOLERANCE[name]!);
          expect(actual, series).to.be.closeTo(value, slack);
        }
      }
      expect(had.get('nodejs_gc_duration_seconds_count{kind="major"}')?.value).to.be.at.least(3);
      expect(had.get('nodejs_external_memory_bytes')?.value).to.be.above(32 * 1024 * 1024);
    });

    it('replaces our names, or keeps them beside', async () => {
      const names = (scrape: ScrapedText): Set<string> => new Set(scrape.types.map(({ family }) => family));
      const own = ['v8js_gc_duration', 'process_memory_usage', 'vitals_heap_used', 'v8js_memory_heap_used'];
      expect([...names(ours)]).to.not.include.members(own);
      expect([...names(ours)]).to.include('vitals_gc_pause_p95');
      const kept = parseScrape((await bothScrapes(String(line), 'keep')).ours);
      expect([...names(kept)]).to.include.members([...own, 'nodejs_gc_duration_seconds', 'process_open_fds']);
      // Our own buckets stay as they are.
      expect(
        kept.samples.filter(
          ({ name, labels }) => name === 'v8js_gc_duration_bucket' && labels['v8js_gc_type'] === 'major',
        ),
      ).to.have.lengthOf(19);
    });
  });
}
