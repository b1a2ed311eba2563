import { expect } from 'chai';
import { whyNotHere } from 'test-helpers/sdk-line';
import { skipBecause } from 'test-helpers/skip-because';
import { spendDay } from './day.js';
import { EXITS } from './exits.js';
import type { Exit } from './exits.js';
import { ENDPOINTS, faultsOf, runCell } from './fault-cell.js';
import type { CellResult, CellSettings, Endpoint } from './fault-cell.js';
import { whyNotThis } from './fault-run.js';
import { inParallel } from './in-parallel.js';
import { killAtRandom, seeded } from './random-kills.js';

// One cell for each exit, the endpoints in turn, and each endpoint for the exit that differs most by it. `npm run test:faults` has
// all of them. The cells run three at a time, as most of their time is waiting, before the tests that look at them.

const ITEMS = 50;
const BUDGET_MILLIS = 700;

/** Enough to tell a process that lingers from a machine that is busy: exporters wait for ten seconds. The exact time is the matrix's. */
const SLACK_MILLIS = 3_000;

interface Cell {
  readonly title: string;
  readonly settings: CellSettings;
  readonly skip?: string | undefined;
  readonly result?: CellResult;
}

function cell(exit: Exit, endpoint: Endpoint, sdk: 2 | 3): CellSettings {
  return { exit, endpoint, sdk, items: ITEMS, budgetMillis: BUDGET_MILLIS };
}

function chosen(): CellSettings[] {
  const perExit = EXITS.map((exit, index) => cell(exit, ENDPOINTS[index % ENDPOINTS.length]!, 2));
  const perEndpoint = EXITS.filter(({ name }) => name === 'SIGTERM').flatMap(exit =>
    ENDPOINTS.map(endpoint => cell(exit, endpoint, 2)),
  );
  const others = perEndpoint.filter(
    ({ exit, endpoint }) => !perExit.some(one => one.exit === exit && one.endpoint === endpoint),
  );
  const ofSdk3 = EXITS.filter(({ name }) => name === 'SIGTERM' || name === 'SIGKILL').map(exit =>
    cell(exit, 'never answers', 3),
  );
  return [...perExit, ...others, ...ofSdk3];
}

const cells: Cell[] = chosen().map(settings => ({
  title: `SDK ${settings.sdk}: ${settings.exit.name}, endpoint ${settings.endpoint}`,
  settings,
}));

describe('the guard loses nothing, and changes neither how a process ends nor when', function () {
  const results = new Map<Cell, CellResult | { readonly skip: string } | Error>();

  before(async function () {
    this.timeout(120_000);
    await inParallel(cells, 3, async one => {
      const skip = whyNotHere(one.settings.sdk) ?? (await whyNotThis(one.settings.exit));
      const result =
        skip === undefined ? await runCell(one.settings).catch((error: unknown) => error as Error) : { skip };
      results.set(one, result);
    });
  });

  for (const one of cells) {
    it(one.title, function () {
      const result = results.get(one)!;
      if (result instanceof Error) throw result;
      if ('skip' in result) skipBecause(this, result.skip);
      expect(faultsOf(one.settings, result, SLACK_MILLIS)).to.deep.equal([]);
    });
  }

  it('is needed: the SDK alone loses everything where the endpoint does not answer', () => {
    const lost = [...results].flatMap(([{ settings }, result]) =>
      result instanceof Error || 'skip' in result || settings.endpoint === 'up'
        ? []
        : [result.plain.lost / result.emitted],
    );
    expect(lost).to.have.length.above(10);
    expect(lost.filter(share => share !== 1)).to.deep.equal([]);
  });
});

describe('processes that are killed at random moments', () => {
  it('lose nothing that was accepted, whatever they were at', async function () {
    this.timeout(120_000);
    if (process.platform === 'win32') skipBecause(this, 'signals of Windows are others');
    const { acknowledged, lost } = await killAtRandom(6, 2, seeded(20));
    expect(lost).to.equal(0);
    expect(acknowledged).to.be.above(100);
  });
});

describe('a service whose endpoint is down', () => {
  it('keeps to its limit on disk, accounts for each item, and delivers all that it could keep', async function () {
    this.timeout(60_000);
    const diskBytes = 4_194_304;
    const plan = { seconds: 45, itemsPerSecond: 1_000, sampleSeconds: 1, diskBytes, sdk: 2 } as const;
    const { samples, accepted, dropped, received, faults } = await spendDay(plan);
    expect(faults).to.deep.equal([]);
    expect(accepted).to.equal(45_000);
    expect(dropped).to.be.above(10_000);
    expect(received).to.be.above(10_000);
    const most = Math.max(...samples.map(sample => sample.diskBytes));
    expect(most).to.be.within(0.8 * diskBytes, diskBytes);
  });
});
