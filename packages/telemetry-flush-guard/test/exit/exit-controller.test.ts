import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { runFixture } from 'test-helpers/run-fixture';
import { skipBecause } from 'test-helpers/skip-because';
import { ExitController } from '../../src/exit/exit-controller.js';
import type { EndingSettings } from './fixtures/ending-process.js';

type Settings = EndingSettings['controllers'][number];

const SCRIPT = join(__dirname, 'fixtures', 'ending-process.js');

/** How a process ends, and what it says on the way. */
async function ends(
  ending: string,
  ...controllers: Settings[]
): Promise<{ end: string; said: string[]; stderr: string }> {
  const { code, signal, stdout, stderr } = await runFixture(SCRIPT, {
    args: [JSON.stringify({ ending, controllers } satisfies EndingSettings)],
  });
  return { end: signal ?? `${code ?? ''}`, said: stdout.split('\n').slice(0, -1), stderr };
}

/** The same, and sees to it that the process ends as it does without a guard. */
async function endsAsWithout(ending: string, ...controllers: Settings[]): Promise<string[]> {
  const [without, { end, said }] = await Promise.all([ends(ending), ends(ending, ...controllers)]);
  expect(end).to.equal(without.end);
  return said;
}

describe('an exit controller', function () {
  before(function () {
    if (process.platform === 'win32') skipBecause(this, 'signals of Windows are others');
  });

  describe("at the loop's end", () => {
    it('flushes once, and leaves the exit code to the host', async () => {
      expect(await endsAsWithout('loop end', {})).to.deep.equal([
        'guard1 flushes',
        'guard1 flushed',
        'guard1 persists for good',
        'host exits 4',
        'guard1 persists for good',
        'guard1 closes',
      ]);
    });

    it('does not hold the process up when there is nothing to send', async () => {
      const said = await endsAsWithout('loop end', { isWorthFlushing: false });
      expect(said).not.to.include('guard1 flushes');
      expect(said).to.include('guard1 closes');
    });

    it('does not hold it up when it is given no time', async () => {
      expect(await endsAsWithout('loop end', { budgetMillis: 0 })).not.to.include('guard1 flushes');
    });

    it('ends the process after the budget, whatever the exporter does', async () => {
      const startMillis = performance.now();
      const said = await endsAsWithout('loop end', { flush: 'never', lingers: true, budgetMillis: 100 });
      expect(said.slice(-4)).to.deep.equal([
        'guard1 persists for good',
        'host exits 4',
        'guard1 persists for good',
        'guard1 closes',
      ]);
      // What lingers would do so for 20 s.
      expect(performance.now() - startMillis).to.be.below(15_000);
    });

    it('is not taken in by a pipe that was written to', async () => {
      const said = await endsAsWithout('loop end after output', {});
      expect(said.filter(line => line === 'guard1 flushes')).to.have.length(1);
      // The loop's end comes again after the flush, and not more often.
      expect(said.filter(line => line === 'host beforeExit')).to.have.length(2);
    });

    it('lets other listeners do their work first, and does not cut it short', async () => {
      const said = await endsAsWithout('loop end with work', {
        flush: 'never',
        lingers: true,
        budgetMillis: 50,
      });
      expect(said.slice(0, 2)).to.deep.equal(['host has worked', 'guard1 flushes']);
    });

    it('keeps the code of a module that waits for ever', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'exit-controller-'));
      try {
        const script = join(folder, 'waits.mjs');
        const url = pathToFileURL(join(__dirname, '..', '..', 'src', 'exit', 'exit-controller.js')).href;
        writeFileSync(
          script,
          `import controller from ${JSON.stringify(url)};
           const things = { persist() {}, persistForGood() {}, close() {}, isWorthFlushing: () => true };
           const flush = () => new Promise(() => setTimeout(() => {}, 20_000));
           if (process.argv[2] === 'guard')
             new controller.ExitController({ ...things, flush }, { budgetMillis: 50, signals: [] }).install();
           await new Promise(() => {});`,
        );
        const [without, guarded] = await Promise.all([
          runFixture(script),
          runFixture(script, { args: ['guard'] }),
        ]);
        expect(without.code).to.equal(13);
        expect(guarded.code).to.equal(13);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });

  describe('at process.exit()', () => {
    it('writes before and after the listeners of the host', async () => {
      expect(await endsAsWithout('exit in a callback', {})).to.deep.equal([
        'guard1 persists for good',
        'host exits 3',
        'guard1 persists for good',
        'guard1 closes',
      ]);
    });

    it('has written when a listener throws', async () => {
      expect(await endsAsWithout('exit listener throws', {})).to.include('guard1 persists for good');
    });

    it('writes even if a listener that is called earlier throws', async () => {
      expect(await endsAsWithout('exit listener before throws', {})).to.include('guard1 persists');
    });
  });

  describe('at a signal', () => {
    it('writes, sends, writes what has come meanwhile, and has the process die of it', async () => {
      expect(await endsAsWithout('signal', {})).to.deep.equal([
        'guard1 persists for good',
        'guard1 flushes',
        'guard1 flushed',
        'guard1 persists for good',
        'guard1 closes',
      ]);
    });

    it('has it die at once when there is nothing to send', async () => {
      expect(await endsAsWithout('signal', { isWorthFlushing: false })).not.to.include('guard1 flushes');
    });

    it('has it die after the budget if the flush does not end, even if nothing else keeps the process alive', async () => {
      const said = await endsAsWithout('signal, and nothing else', { flush: 'never', budgetMillis: 300 });
      expect(said.at(-1)).to.equal('guard1 closes');
    });

    it('has it die of the first signal at the second one', async () => {
      const [without, { end, said }] = await Promise.all([
        ends('two signals'),
        ends('two signals', { flush: 'never', budgetMillis: 10_000 }),
      ]);
      expect([without.end, end]).to.deep.equal(['SIGTERM', 'SIGTERM']);
      expect(said).not.to.include('late');
      expect(said.at(-1)).to.equal('guard1 closes');
    });

    it('joins a flush that is under way', async () => {
      const said = await endsAsWithout('signal during a flush', { flush: 150 });
      expect(said).to.deep.equal([
        'guard1 flushes',
        'signal',
        'guard1 persists for good',
        'guard1 flushed',
        'guard1 persists for good',
        'guard1 closes',
      ]);
    });

    it('exits with the code of the signal where it cannot be sent', async () => {
      expect((await ends('signal that cannot be sent', {})).end).to.equal('143');
    });

    it('leaves the end to a host that listens', async () => {
      const said = await endsAsWithout('signal to a host that exits', {});
      expect(said.slice(0, 4)).to.deep.equal([
        'guard1 persists',
        'guard1 flushes',
        'host hears',
        'guard1 flushed',
      ]);
    });

    it('does not keep a host that goes on from doing so, and is there for the next signal', async () => {
      const said = await endsAsWithout('signal to a host that goes on', {});
      expect(said.filter(line => line === 'guard1 flushes')).to.have.length(2);
      const [untilThen] = said.join().split('host goes on');
      expect(untilThen, 'it has a later').to.include('guard1 persists').and.not.to.include('for good');
      expect(said.at(-1)).to.equal('guard1 closes');
    });

    it('is not seen by listeners that end the process only if they are alone', async () => {
      const said = await endsAsWithout('signal to one that wants to be alone', {});
      expect(said).to.include('others: 0');
      expect(said[0]).to.equal('guard1 persists');
    });

    it('does not take another guard for the host: the last one that is done ends the process', async () => {
      const said = await endsAsWithout('signal', { flush: 20 }, { flush: 200 });
      expect(said).to.include.members(['guard1 flushed', 'guard2 flushed', 'guard1 closes']);
      expect(said.at(-1)).to.equal('guard2 closes');
    });

    it('does nothing any more once it was removed', async () => {
      expect(await endsAsWithout('removed before a signal', {})).to.deep.equal([]);
    });
  });

  describe('at a crash', () => {
    for (const ending of ['exception', 'rejection']) {
      it(`writes at an ${ending} that nobody sees to, and leaves it what it is`, async () => {
        const said = await endsAsWithout(ending, {});
        expect(said).to.deep.equal([
          'guard1 persists',
          'guard1 persists for good',
          'host exits 1',
          'guard1 persists for good',
          'guard1 closes',
        ]);
      });
    }

    it('goes on with a host that catches it', async () => {
      expect((await endsAsWithout('exception that is caught', {})).slice(0, 2)).to.deep.equal([
        'guard1 persists',
        'host catches',
      ]);
    });

    it('goes on with a host that handles it', async () => {
      expect((await endsAsWithout('rejection that is handled', {}))[0]).to.equal('host handles');
    });
  });

  describe('with things that fail', () => {
    const isBroken = true;
    for (const ending of [
      'loop end',
      'exit in a callback',
      'signal',
      'exception',
      'signal to a host that exits',
    ]) {
      it(`changes nothing: ${ending}`, async () => {
        const [without, { end, said, stderr }] = await Promise.all([
          ends(ending),
          ends(ending, { isBroken }),
        ]);
        expect(end).to.equal(without.end);
        expect(said).to.include.members(without.said);
        expect(stderr).not.to.include('broken');
      });
    }

    for (const flush of ['rejects', 'throws'] as const) {
      it(`ends as ever when the flush ${flush}`, async () => {
        for (const ending of ['loop end', 'signal']) {
          expect((await endsAsWithout(ending, { flush })).at(-1)).to.equal('guard1 closes');
        }
      });
    }
  });

  describe('in a worker thread', () => {
    it('listens to no signal, and writes when the thread exits', async () => {
      const said = await endsAsWithout('thread', { isWorthFlushing: false });
      expect(said).to.include.members([
        'thread listens to 0',
        'thread persists for good',
        'thread closes',
        'thread ended 6',
      ]);
    });

    it("flushes at the end of the thread's loop, and does not linger", async () => {
      const said = await endsAsWithout('loop end of a thread', {
        flush: 'never',
        lingers: true,
        budgetMillis: 100,
      });
      expect(said).to.include.members(['thread flushes', 'thread closes', 'thread ended 0']);
    });
  });

  it('takes all of its listeners away', () => {
    const count = (): number =>
      process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
    const before = count();
    const nothing = (): void => {};
    const controller = new ExitController(
      {
        persist: nothing,
        persistForGood: nothing,
        isWorthFlushing: () => false,
        flush: async () => {},
        close: nothing,
      },
      { budgetMillis: 100, signals: ['SIGTERM', 'SIGHUP'] },
    );
    controller.install();
    expect(count()).to.equal(before + 6);
    controller.remove();
    expect(count()).to.equal(before);
  });

  it('has one flush for all who ask at the same time', async () => {
    let flushes = 0;
    const nothing = (): void => {};
    const controller = new ExitController(
      {
        persist: nothing,
        persistForGood: nothing,
        isWorthFlushing: () => true,
        flush: async () => {
          flushes += 1;
          await new Promise(resolve => setImmediate(resolve));
        },
        close: nothing,
      },
      { budgetMillis: 100, signals: [] },
    );
    await Promise.all([controller.flush(), controller.flush()]);
    expect(flushes).to.equal(1);
    await controller.flush();
    expect(flushes).to.equal(2);
  });
});
