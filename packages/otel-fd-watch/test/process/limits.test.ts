import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { skipBecause } from 'test-helpers/skip-because';
import { watchedProcesses } from '../fixtures/watched-process-client.js';

/** The limits of another process, read from here. */
function limitsOf(pid: number): { soft: number; hard: number } {
  const line = readFileSync(`/proc/${pid}/limits`, 'utf8')
    .split('\n')
    .find(candidate => candidate.startsWith('Max open files'));
  const [soft, hard] = (line ?? '').slice('Max open files'.length).trim().split(/\s+/);
  return { soft: Number(soft), hard: Number(hard) };
}

/** What `sh` says after the same `ulimit`s. */
function ulimits(prefix: string): { soft: number; hard: number } {
  const [soft, hard] = execFileSync('sh', ['-c', `${prefix}; ulimit -Sn; ulimit -Hn`], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number);
  return { soft: soft ?? NaN, hard: hard ?? NaN };
}

describe('the limit of descriptors of a process', () => {
  const launch = watchedProcesses();

  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
  });

  it('is what ulimit has set', async () => {
    const prefix = 'ulimit -n 333';
    const watched = await launch({ shellPrefix: prefix });
    await watched.ask('start', {});
    const { snapshot } = await watched.ask('look');
    expect(snapshot.limit).to.deep.equal({ soft: 333, hard: 333 });
    expect(snapshot.limit).to.deep.equal(ulimits(prefix));
    expect(snapshot.limit).to.deep.equal(limitsOf(watched.pid));
    expect(snapshot.utilization).to.equal(watched.listedCount() / 333);
  });

  it('is the one in force: Node raises the soft limit to the hard one when it starts', async () => {
    const prefix = 'ulimit -Sn 200 && ulimit -Hn 444';
    expect(ulimits(prefix)).to.deep.equal({ soft: 200, hard: 444 });
    const watched = await launch({ shellPrefix: prefix });
    await watched.ask('start', {});
    const { snapshot } = await watched.ask('look');
    expect(snapshot.limit).to.deep.equal(limitsOf(watched.pid));
    expect(snapshot.limit).to.deep.equal({ soft: 444, hard: 444 });
  });

  it('is read again after a minute, as prlimit changes it under a running process', async function () {
    const prlimit = (pid: number, limits: string): number | null =>
      spawnSync('prlimit', ['--pid', String(pid), `--nofile=${limits}`]).status;
    if (spawnSync('prlimit', ['--version']).status !== 0) skipBecause(this, 'no prlimit here');
    const watched = await launch({ shellPrefix: 'ulimit -n 333' });
    await watched.ask('start', {});
    expect(prlimit(watched.pid, '150:300')).to.equal(0);
    expect(limitsOf(watched.pid)).to.deep.equal({ soft: 150, hard: 300 });

    expect((await watched.after(59_999)).limit).to.deep.equal({ soft: 333, hard: 333 });
    const { limit, open, utilization } = await watched.after(1);
    expect(limit).to.deep.equal({ soft: 150, hard: 300 });
    expect(open).to.equal(watched.listedCount());
    expect(utilization).to.equal(watched.listedCount() / 150);
  });
});
