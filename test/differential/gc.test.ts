import { join } from 'node:path';
import { expect } from 'chai';
import { askedProcesses } from 'test-helpers/asked-process';
import { whyNotHere } from 'test-helpers/sdk-line';
import type { SdkLine } from 'test-helpers/sdk-line';
import type { SeriesValues } from 'test-helpers/sdk-metrics';
import { skipBecause } from 'test-helpers/skip-because';
import type { commands } from './fixtures/side-by-side.js';

const FIXTURE = join(__dirname, 'fixtures', 'side-by-side.js');
const TYPE_OF_KIND: Readonly<Record<string, string>> = {
  1: 'minor',
  2: 'minor',
  4: 'major',
  8: 'incremental',
  16: 'weakcb',
};
/** Kind 2 has no constant that the peers look at, nor a name in their lists. */
const NO_NAME = 'undefined';

interface Collections {
  readonly count: number;
  readonly seconds: number;
}
type ByType = Readonly<Record<string, Collections>>;

/** An OpenTelemetry histogram, by the value of its one attribute. */
function histogram(values: SeriesValues): ByType {
  return Object.fromEntries(
    Object.entries(values).flatMap(([series, value]) => {
      const type = /^v8js\.gc\.duration\{v8js\.gc\.type="(\w+)"\}$/.exec(series)?.[1];
      const { count, sum } = value as { count: number; sum: number };
      return type === undefined ? [] : [[type, { count, seconds: sum }]];
    }),
  );
}

function promHistogram(values: SeriesValues): ByType {
  const of = (end: string, kind: string): number =>
    values[`nodejs_gc_duration_seconds_${end}{kind="${kind}"}`] as number;
  const kinds = Object.keys(values).flatMap(
    series => /^nodejs_gc_duration_seconds_count\{kind="(\w+)"\}$/.exec(series)?.[1] ?? [],
  );
  return Object.fromEntries(
    kinds.map(kind => [kind, { count: of('count', kind), seconds: of('sum', kind) }]),
  );
}

/** What a witness has counted by kind, under the names that somebody has for them. */
function named(
  {
    counts,
    milliseconds,
  }: { counts: Readonly<Record<string, number>>; milliseconds: Readonly<Record<string, number>> },
  nameOf: (kind: string) => string,
): Record<string, Collections> {
  const byName: Record<string, Collections> = {};
  for (const [kind, count] of Object.entries(counts)) {
    const before = byName[nameOf(kind)] ?? { count: 0, seconds: 0 };
    byName[nameOf(kind)] = {
      count: before.count + count,
      seconds: before.seconds + (milliseconds[kind] ?? 0) / 1000,
    };
  }
  return byName;
}

function counts(byType: ByType): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(byType).map(([type, { count }]) => [type, count]));
}

function sum(numbers: Readonly<Record<string, number>>): number {
  return Object.values(numbers).reduce((total, number) => total + number, 0);
}

/** The same entries in the same order: sums differ by rounding alone. */
function expectSame(found: ByType, wanted: ByType): void {
  expect(counts(found)).to.deep.equal(counts(wanted));
  for (const [type, { seconds }] of Object.entries(wanted)) {
    expect(found[type]!.seconds).to.be.closeTo(seconds, 1e-9);
  }
}

const ours = (kind: string): string => TYPE_OF_KIND[kind] ?? 'unknown';
const theirs = (kind: string): string => (kind === '2' ? NO_NAME : ours(kind));

for (const line of [2, 3] as const satisfies readonly SdkLine[]) {
  describe(`collections beside runtime-node and prom-client, OpenTelemetry SDK ${line}.x`, () => {
    const launch = askedProcesses(afterEach);

    before(function () {
      const reason = whyNotHere(line);
      if (reason !== undefined) skipBecause(this, reason);
    });

    describe('of an ordinary load', () => {
      const launchOnce = askedProcesses(after);
      let gcs: Awaited<ReturnType<typeof commands.gcs>>;
      before(async () => {
        const child = await launchOnce<typeof commands>(FIXTURE);
        // Several ticks go by meanwhile.
        await child.ask('start', { line, v8js: true, gcMillis: 250 });
        for (let round = 0; round < 3; round += 1) await child.ask('load', {});
        gcs = await child.ask('gcs');
        await child.ask('stop');
      });

      it('are counted alike by runtime-node, in number and in pause, by type', () => {
        expectSame(histogram(gcs.ours), named(gcs, ours));
        expectSame(histogram(gcs.runtimeNode), named(gcs, theirs));
        expect(histogram(gcs.ours)).to.include.all.keys('minor', 'major', 'incremental');
      });

      it('are lost by prom-client but for the first of each batch', () => {
        const firsts = named({ counts: gcs.firstOfBatch, milliseconds: {} }, theirs);
        expect(counts(promHistogram(gcs.promClient))).to.deep.equal(counts(firsts));
        const all = sum(gcs.counts);
        const seen = sum(gcs.firstOfBatch);
        console.log(`        prom-client has ${seen} of ${all} collections`);
        expect(seen).to.be.below(all);
      });
    });

    it('of kind 2 are minor to us, and without a type to the peers', async function () {
      const [major = 0] = process.versions.node.split('.').map(Number);
      const child = await launch<typeof commands>(FIXTURE, {
        nodeArgs: [major < 22 ? '--minor-mc' : '--minor-ms'],
      });
      await child.ask('start', { line, v8js: true });
      await child.ask('load', { kinds: [2, 4] });
      const gcs = await child.ask('gcs');
      await child.ask('stop');
      expect(gcs.counts).to.not.include.keys('1');
      expectSame(histogram(gcs.ours), named(gcs, ours));
      expectSame(histogram(gcs.runtimeNode), named(gcs, theirs));
      expect(promHistogram(gcs.promClient)).to.include.keys(NO_NAME);
      expect(histogram(gcs.ours)['minor']!.count).to.equal(gcs.counts['2']);
    });
  });
}
