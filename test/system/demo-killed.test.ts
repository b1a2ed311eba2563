import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { failuresOf, inWords, reconcile } from 'example-demo/dist/killed/reconcile.js';
import { repositoryRoot } from 'test-helpers/repository';
import { runFixture, startFixture } from 'test-helpers/run-fixture';
import type { FixtureOptions } from 'test-helpers/run-fixture';

const DEMO = join(repositoryRoot, 'examples', 'demo', 'dist', 'demo.js');
const NUMBER = String.raw`(\d[\d,]*)`;
const fateOf = (kind: string): string =>
  `${NUMBER} ${kind}, ${NUMBER} arrived, ${NUMBER} lost, ${NUMBER} twice`;
const SENTENCE = new RegExp(
  `^(?:killed|unguarded): accepted ${fateOf('spans')}; ${fateOf('log records')}; ${fateOf('requests counted')}\\.$`,
  'm',
);

interface Fate {
  readonly accepted: number;
  readonly arrived: number;
  readonly lost: number;
}

/** What the demo says of spans, log records and what was counted. */
function fatesIn(stdout: string): Fate[] {
  const match = SENTENCE.exec(stdout);
  expect(match, stdout).not.to.equal(null);
  const numbers = match!.slice(1).map(text => Number(text.replaceAll(',', '')));
  return [0, 4, 8].map(at => ({ accepted: numbers[at]!, arrived: numbers[at + 1]!, lost: numbers[at + 2]! }));
}

describe('npm run demo, and a service that is killed', function () {
  this.timeout(60_000);

  let scratch = '';
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), 'demo-'));
  });
  afterEach(() => {
    rmSync(scratch, { recursive: true });
  });
  const optionsOf = (name: string): FixtureOptions => ({ args: ['--fault', name], env: { TMPDIR: scratch } });

  it('says that nothing of what the service had accepted is lost, and ends with 0', async () => {
    const { code, stdout, stderr } = await runFixture(DEMO, optionsOf('killed'));
    expect(stderr).to.equal('');
    expect(code, stdout).to.equal(0);
    const fates = fatesIn(stdout);
    const [spans, logs, counted] = fates;
    for (const { accepted, arrived, lost } of fates) {
      expect(accepted).to.be.greaterThan(50);
      expect({ arrived, lost }).to.deep.equal({ arrived: accepted, lost: 0 });
    }
    // Two spans for each log record; the last request may not have come to its end.
    expect(spans!.accepted - 2 * logs!.accepted).to.be.within(0, 2);
    expect(counted!.accepted).to.be.at.most(logs!.accepted + 1);
    const [, left] = new RegExp(`of ${NUMBER} spans ${NUMBER} had not arrived\\.$`, 'm')
      .exec(stdout)!
      .slice(1);
    expect(Number(left!.replaceAll(',', '')), 'to be delivered by the next start').to.be.greaterThan(0);
    expect(stdout).to.contain('\nEverything as expected.\n');
    const pids = /^service \S+ \(pid (\d+)\)$[^]*^Started again \(pid (\d+)\)\.$/m.exec(stdout);
    expect(pids?.[1]).to.not.equal(pids?.[2]);
    expect(readdirSync(scratch)).to.deep.equal([]);
  });

  it("fails when what stands in front of the exporters is the SDK's own", async () => {
    const { code, stdout, stderr } = await runFixture(DEMO, optionsOf('unguarded'));
    expect(stderr).to.equal('');
    expect(code, stdout).to.equal(1);
    const fates = fatesIn(stdout);
    for (const { accepted, arrived, lost } of fates) expect(arrived + lost).to.equal(accepted);
    const [spans, logs, counted] = fates;
    // A batch more or less; and metrics are sent after a minute.
    expect(spans!.lost + logs!.lost).to.be.greaterThan(0);
    expect(counted).to.include({ arrived: 0 });
    expect(stdout).to.match(/^Not as expected: .*\d requests counted were lost\.$/m);
  });

  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGKILL', null],
  ] as const) {
    it(`takes the service along when ${signal} ends it`, async () => {
      const running = startFixture(DEMO, optionsOf('killed'));
      await running.waitFor(
        'killed: SIGKILL under load, then a new start; telemetry-flush-guard stands in front of the exporters.',
      );
      running.child.kill(signal);
      // The service has the demo's stdout: as long as it lives, this does not resolve.
      expect((await running.ended).code).to.equal(code);
    });
  }

  it('reconciles by name: what is missing, what came twice, what was counted too often', () => {
    const accepted = { spans: ['a', 'b', 'c'], logs: ['x'], counted: 7 };
    const arrived = {
      // Of d it was not written down that it was accepted.
      spans: new Map([
        ['a', 2],
        ['c', 1],
        ['d', 3],
      ]),
      logs: new Map([['x', 1]]),
      requestsCounted: 6,
    };
    const fates = reconcile(accepted, arrived, 9);
    expect(inWords(fates)).to.equal(
      'accepted 3 spans, 2 arrived, 1 lost, 2 twice; 1 log records, 1 arrived, 0 lost, 0 twice; ' +
        '7 requests counted, 6 arrived, 1 lost, 0 twice',
    );
    expect(failuresOf(fates)).to.deep.equal(['1 spans were lost', '1 requests counted were lost']);
    expect(reconcile(accepted, { ...arrived, requestsCounted: 12 }, 9)[2]).to.deep.equal({
      kind: 'requests counted',
      accepted: 7,
      arrived: 7,
      lost: 0,
      twice: 3,
    });
    const nothing = { spans: [], logs: [], counted: 0 };
    expect(failuresOf(reconcile(nothing, arrived, 9))).to.deep.equal([
      'no spans were accepted',
      'no log records were accepted',
      'no requests counted were accepted',
    ]);
  });
});
