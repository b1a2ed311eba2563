import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { diagLines, setDiagLogger } from 'test-helpers/diag-lines';
import { runFixture } from 'test-helpers/run-fixture';
import { skipBecause } from 'test-helpers/skip-because';
import type { FlushGuardOptions } from '../src/index.js';
import { createFlushGuard } from '../src/index.js';
import type { FlushGuard } from '../src/index.js';

const LATE_LOGGER = join(__dirname, 'exit', 'fixtures', 'late-logger.js');

const record = {
  resource: { attributes: {} },
  instrumentationScope: { name: 'test' },
  hrTime: [1, 0] as [number, number],
  hrTimeObserved: [1, 0] as [number, number],
  attributes: {},
  droppedAttributesCount: 0,
};

const unanswered: (() => void)[] = [];

/** An exporter that answers after that time; when the test ends, if none is given. */
function exporter(answerMillis?: number) {
  return {
    export(_items: never[], callback: (result: { code: number }) => void) {
      if (answerMillis !== undefined) setTimeout(callback, answerMillis, { code: 0 });
      else {
        unanswered.push(() => {
          callback({ code: 0 });
        });
      }
    },
    shutdown: () => Promise.resolve(),
  };
}

describe('a flush guard', () => {
  let dir: string;
  let guards: FlushGuard[];
  let warnings: Error[];
  const onWarning = (warning: Error): void => {
    warnings.push(warning);
  };
  const made = (options: FlushGuardOptions = {}): FlushGuard => {
    const guard = createFlushGuard({ dir: join(dir, 'spool'), exit: { budgetMillis: 60 }, ...options });
    guards.push(guard);
    return guard;
  };

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'flush-guard-'));
    guards = [];
    warnings = [];
    process.on('warning', onWarning);
  });
  afterEach(async () => {
    const over = Promise.all(guards.map(guard => guard.shutdown()));
    do {
      for (const answer of unanswered.splice(0)) answer();
      await wait(5);
    } while (unanswered.length > 0);
    await over;
    process.off('warning', onWarning);
    diag.disable();
    rmSync(dir, { recursive: true });
  });

  describe('asked to flush', () => {
    for (const [name, given] of [
      ['Infinity', Infinity],
      ['NaN', NaN],
      ['-1', -1],
      ['"5 s"', '5 s'],
      ['null', null],
      ['an object', {}],
      ['5', 5n],
    ] as const) {
      it(`takes the budget for a time of ${name}, and says so once`, async () => {
        const lines = diagLines();
        const guard = made();
        guard.logRecordProcessor(exporter()).onEmit(record);
        for (let times = 0; times < 2; times += 1) {
          const { logs } = await guard.flush({ timeoutMillis: given as number });
          expect(logs).to.deep.equal({ delivered: 0, pending: 1, dropped: 0 });
        }
        await wait(5);
        expect(warnings).to.deep.equal([]);
        const said = lines.filter(line => line.includes('timeoutMillis'));
        expect(said).to.have.length(1);
        expect(said[0]).to.match(/^warn /);
        expect(said[0]).to.include(name).and.to.include('60 ms');
      });
    }

    it('takes a time that is longer than any timer', async () => {
      const lines = diagLines();
      const guard = made();
      guard.logRecordProcessor(exporter(30)).onEmit(record);
      const { logs } = await guard.flush({ timeoutMillis: 1e300 });
      expect(logs).to.deep.equal({ delivered: 1, pending: 0, dropped: 0 });
      await wait(5);
      expect(warnings).to.deep.equal([]);
      expect(lines.join()).not.to.include('timeoutMillis');
    });

    it('takes no time, the time that is given, and nothing at all', async () => {
      const lines = diagLines();
      const guard = made({ exit: { budgetMillis: 20_000 } });
      guard.logRecordProcessor(exporter()).onEmit(record);
      await guard.flush({ timeoutMillis: 0 });
      await guard.flush({ timeoutMillis: 30 });
      const quick = made();
      quick.logRecordProcessor(exporter(5)).onEmit(record);
      for (const options of [undefined, {}, null]) {
        expect((await quick.flush(options as undefined))['logs']?.delivered).to.equal(1);
      }
      expect(lines.join()).not.to.include('timeoutMillis');
    });
  });

  describe('released', () => {
    it('writes first, and from then on what comes, as it does not see the end any more', () => {
      const guard = made({ writeAhead: 'exit' });
      const processor = guard.logRecordProcessor(exporter());
      for (let count = 0; count < 5; count += 1) processor.onEmit(record);
      expect(guard.stats()['logs']).to.include({ pendingInMemory: 5, pendingOnDisk: 0 });
      guard.release();
      expect(guard.stats()['logs']).to.include({ pendingInMemory: 0, pendingOnDisk: 5 });
      processor.onEmit(record);
      expect(guard.stats()['logs']).to.include({ pendingInMemory: 0, pendingOnDisk: 6 });
    });

    it('writes nothing after a shutdown, which has closed the disk', async () => {
      const guard = made();
      guard.logRecordProcessor(exporter(1)).onEmit(record);
      await guard.shutdown();
      const files = (): string[] => readdirSync(join(dir, 'spool'), { recursive: true }) as string[];
      const before = files();
      guard.release();
      expect(files()).to.deep.equal(before);
    });
  });

  describe('with something to say', () => {
    /** A file where the folder should be. */
    function blockFolder(): void {
      rmSync(join(dir, 'spool'), { recursive: true, force: true });
      writeFileSync(join(dir, 'spool'), '');
    }
    const complaints = (lines: readonly string[]): string[] =>
      lines.filter(line => line.includes('cannot be used'));

    it('waits for the logger of an SDK that is made after it, and says it once', async () => {
      blockFolder();
      made();
      const lines = diagLines();
      expect(complaints(lines)).to.deep.equal([]);
      await wait(400);
      expect(complaints(lines)).to.have.length(1);
      expect(complaints(lines)[0]).to.match(/^warn telemetry-flush-guard: .*spool cannot be used \(/);
    });

    it('says it at a flush that comes earlier, and not again', async () => {
      blockFolder();
      const guard = made();
      const lines = diagLines();
      const flushed = guard.flush();
      expect(complaints(lines)).to.have.length(1);
      await flushed;
      await wait(400);
      expect(complaints(lines)).to.have.length(1);
    });

    it('says at once what comes later', async () => {
      const lines = diagLines();
      const guard = made();
      const processor = guard.logRecordProcessor(exporter());
      await guard.flush();
      blockFolder();
      processor.onEmit(record);
      expect(complaints(lines)).to.have.length(1);
    });

    it('says it at an exit that comes earlier', async () => {
      blockFolder();
      const { code, stdout } = await runFixture(LATE_LOGGER, { args: [join(dir, 'spool')] });
      expect(code).to.equal(7);
      expect(stdout.split('\n').filter(line => line.includes('cannot be used'))).to.have.length(1);
    });

    it('takes no harm from a logger that throws', async () => {
      const shouted: string[] = [];
      const shout = (text: string): never => {
        shouted.push(text);
        throw new Error('from the logger');
      };
      setDiagLogger({ verbose() {}, debug() {}, info: shout, warn: shout, error: shout });
      shouted.length = 0;
      const guard = made({
        onDrop() {
          throw new Error('from the listener');
        },
        limits: { memoryItems: 2 },
      });
      const processor = guard.logRecordProcessor(exporter());
      await guard.flush({ timeoutMillis: NaN });
      blockFolder();
      for (let count = 0; count < 5; count += 1) processor.onEmit(record);
      const late = made();
      const cyclic: Record<string, unknown> = {};
      cyclic['itself'] = cyclic;
      late.logRecordProcessor(exporter(1)).onEmit({ ...record, body: cyclic });
      // What a timer throws ends the test.
      await wait(400);
      const all = shouted.join('\n');
      expect(all).to.include('timeoutMillis').and.to.include('onDrop failed');
      expect(all.match(/cannot be used/g)).to.have.length(2);
    });
  });

  it('goes on as before after a signal that the host sees to itself', async function () {
    if (process.platform === 'win32') skipBecause(this, 'signals of Windows are others');
    const guard = made({ writeAhead: 'exit' });
    const processor = guard.logRecordProcessor(exporter());
    processor.onEmit(record);
    const heard = new Promise<void>(resolve => {
      process.once('SIGHUP', () => {
        resolve();
      });
    });
    process.kill(process.pid, 'SIGHUP');
    await heard;
    expect(guard.stats()['logs']).to.include({ pendingInMemory: 0, pendingOnDisk: 1 });
    for (let count = 0; count < 5; count += 1) processor.onEmit(record);
    expect(guard.stats()['logs']).to.include({ pendingInMemory: 5, pendingOnDisk: 1 });
    expect(existsSync(join(dir, 'spool'))).to.equal(true);
  });
});
