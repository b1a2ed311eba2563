import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import { diagLines } from 'test-helpers/diag-lines';
import { PreviousRuns } from '../../src/accounting/previous-runs.js';
import type { PreviousCounts } from '../../src/accounting/previous-runs.js';
import { tellOfPrevious } from '../../src/guard-notices.js';
import { Adoption } from '../../src/pipeline/adoption.js';
import type { Lane } from '../../src/pipeline/lane.js';
import { MadeUpProcess, words } from '../pipeline/made-up-process.js';
import { FakeFileSystem } from '../spool/fake-file-system.js';

/** Adopts for a process, and gives back what it learns about the dead. */
async function learn(heir: MadeUpProcess): Promise<PreviousCounts> {
  const previous = new PreviousRuns();
  await new Adoption({
    files: heir.files,
    view: {
      self: {
        pid: 9,
        threadId: 0,
        startTime: 'x',
        bootId: 'boot',
        pidNamespace: 'ns',
        hostname: 'host',
      },
      startTimeOf: () => undefined,
    },
    disk: heir.disk,
    laneOf: name => (name === 'spans' ? (heir.lane as unknown as Lane<never>) : undefined),
    onProblem: (path, thrown) => {
      throw new Error(path, { cause: thrown });
    },
    onPrevious: (run, folder) => {
      previous.add(run);
      tellOfPrevious(run, folder);
    },
  }).run(1e9);
  return previous.of('spans');
}

/** Whether what is told of a dead process is what it knew itself when it died. */
function expectSame(told: PreviousCounts, dead: MadeUpProcess): void {
  const { accepted, inherited, delivered, dropped, pendingInMemory, pendingOnDisk } = dead.lane.counts;
  expect(pendingInMemory).to.equal(0);
  expect(told).to.deep.equal({
    processes: 1,
    accepted,
    inherited,
    delivered,
    dropped,
    pending: pendingOnDisk,
  });
}

describe('what is told of a process that has died', () => {
  const made: MadeUpProcess[] = [];
  afterEach(() => {
    diag.disable();
    for (const { lane } of made.splice(0)) lane.shutDown();
  });

  /** Dies without a word: no file is closed, no account written. */
  function killed(process: MadeUpProcess): MadeUpProcess {
    process.lane.shutDown();
    return process;
  }

  function reborn(process: MadeUpProcess, pid: number, options = {}): MadeUpProcess {
    const heir = new MadeUpProcess(new FakeFileSystem(process.files.disk), pid, options);
    made.push(heir);
    return heir;
  }

  it('is what it had accepted, delivered and left, also of segments that are gone', async () => {
    const first = new MadeUpProcess(new FakeFileSystem(), 1, { limitBytes: 10_000 });
    for (let round = 0; round < 10; round += 1) {
      first.accept(...words(30));
      await first.flush();
    }
    first.exporter.mood = 'fails';
    first.accept(...words(20));
    await first.flush();
    killed(first);
    const second = reborn(first, 2);
    const lines = diagLines();
    expectSame(await learn(second), first);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.match(
      /^info telemetry-flush-guard: taken over from process 1-0-[0-9a-f]{12}, which has ended: spans: 320 accepted, 300 delivered, 20 left$/,
    );
    second.end();
  });

  it('is known also when the only segment left was begun after the others were gone', async () => {
    const first = new MadeUpProcess(new FakeFileSystem(), 1, { limitBytes: 10_000 });
    for (let round = 0; round < 20; round += 1) {
      first.accept(...words(30));
      await first.flush();
    }
    killed(first);
    const second = reborn(first, 2);
    expectSame(await learn(second), first);
    expect(first.lane.counts.delivered).to.equal(600);
    second.end();
  });

  it('has what it had to drop, by reason, as a warning', async () => {
    const first = new MadeUpProcess(new FakeFileSystem(), 1, { limitBytes: 10_000 });
    first.exporter.mood = 'fails';
    first.accept(...words(600));
    killed(first);
    const second = reborn(first, 2, { limitBytes: 1e6 });
    const lines = diagLines();
    const told = await learn(second);
    expectSame(told, first);
    expect(told.dropped.spool_full).to.be.greaterThan(100);
    expect(lines[0]).to.match(/^warn .*600 accepted, 0 delivered, \d+ dropped \(spool_full \d+\), \d+ left$/);
    second.end();
  });

  it('has what was never on disk, also what was dropped after its last heartbeat', async () => {
    const first = new MadeUpProcess(new FakeFileSystem(), 1, { writesAhead: false });
    first.accept(...words(30));
    await first.flush();
    first.lane.writeAhead();
    first.accept('cannot be written');
    first.disk.beat(0);
    first.accept('cannot be written', 'cannot be written');
    const { delivered, dropped } = first.lane.counts;
    killed(first);
    const second = reborn(first, 2);
    expect(await learn(second)).to.deep.equal({
      processes: 1,
      accepted: 33,
      inherited: 0,
      delivered,
      dropped,
      pending: 0,
    });
    expect([delivered, dropped]).to.deep.equal([30, { serialization: 3 }]);
    second.end();
  });

  it('tells of each life once, and keeps what a life did with what it had taken over', async () => {
    const first = new MadeUpProcess(new FakeFileSystem(), 1);
    first.exporter.mood = 'fails';
    first.accept(...words(40));
    killed(first);
    const second = reborn(first, 2);
    expectSame(await learn(second), first);
    second.accept(...words(10, 'second'));
    await second.flush();
    expect(second.lane.counts).to.include({ accepted: 10, inherited: 40, delivered: 50 });
    second.exporter.mood = 'fails';
    second.accept(...words(3, 'left'));
    killed(second);
    const third = reborn(second, 3);
    const told = await learn(third);
    expectSame(told, second);
    expect(told).to.include({ accepted: 13, inherited: 40, delivered: 50, pending: 3 });
    killed(third);
    const fourth = reborn(third, 4);
    expect(await learn(fourth)).to.include({ processes: 1, accepted: 0, inherited: 3, pending: 3 });
    fourth.end();
  });

  it('adds several dead processes up', async () => {
    const files = new FakeFileSystem();
    for (const pid of [1, 2, 3]) {
      const process = new MadeUpProcess(new FakeFileSystem(files.disk), pid, { living: [1, 2, 3] });
      process.exporter.mood = 'fails';
      process.accept(...words(pid));
      killed(process);
    }
    const heir = new MadeUpProcess(new FakeFileSystem(files.disk), 4);
    expect(await learn(heir)).to.include({ processes: 3, accepted: 6, pending: 6 });
    expect(heir.lane.counts).to.include({ inherited: 6, accepted: 0 });
    heir.end();
  });

  it('is nothing of one that has left nothing', async () => {
    const first = new MadeUpProcess(new FakeFileSystem(), 1);
    killed(first);
    const second = reborn(first, 2);
    const lines = diagLines();
    expect(await learn(second)).to.include({ processes: 0, accepted: 0 });
    expect(lines).to.deep.equal([]);
    second.end();
  });

  it('has what was dropped from disk, also when nothing is left and all files were closed', async () => {
    const first = new MadeUpProcess(new FakeFileSystem(), 1, { limitBytes: 10_000 });
    first.exporter.mood = 'fails';
    first.accept(...words(500));
    first.exporter.mood = 'takes';
    await first.flush();
    first.end();
    expect(first.lane.counts.dropped.spool_full).to.be.greaterThan(100);
    expectSame(await learn(reborn(first, 2)), first);
  });

  it('is nothing of one that has delivered all and closed all', async () => {
    const first = new MadeUpProcess(new FakeFileSystem(), 1);
    first.accept(...words(50));
    await first.flush();
    first.end();
    expect((await learn(reborn(first, 2))).processes).to.equal(0);
  });
});
