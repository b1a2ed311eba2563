import { expect } from 'chai';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { skipBecause } from 'test-helpers/skip-because';
import type { ProcTree } from '../fixtures/proc-tree.js';
import { watchedProcesses } from '../fixtures/watched-process-client.js';
import { workshop } from '../fixtures/watch-rig.js';

describe('files that the process may not read', () => {
  let tree: ProcTree;
  const allow = (path: string, allowed: boolean): void => {
    chmodSync(join(tree.root, path), allowed ? 0o755 : 0);
  };
  // Before the hook that takes the tree away, and could not.
  afterEach(() => {
    for (const path of ['fd', 'limits']) allow(path, true);
  });

  const launch = watchedProcesses();
  const { tree: newTree } = workshop();

  before(function () {
    if (process.platform === 'win32') skipBecause(this, 'Windows has no such modes');
  });

  beforeEach(() => {
    tree = newTree();
    tree.writeLimits(1_000);
    tree.link(4);
    allow('.', true);
  });

  async function launchOver(): ReturnType<typeof launch> {
    const watched = await launch();
    // To root every file is open.
    expect(await watched.ask('changeUser')).to.be.above(0);
    return watched;
  }

  function start(): { options: object; machine: { processRoot: string; directory: ProcTree['directory'] } } {
    return {
      options: { byKindIntervalMillis: 5_000 },
      machine: { processRoot: tree.root, directory: tree.directory },
    };
  }

  it('from the start: what needs them is not there, or failed', async () => {
    const watched = await launchOver();
    for (const path of ['fd', 'limits']) allow(path, false);
    await watched.ask('start', start());
    await watched.after(120_000);
    const { snapshot, names, errors } = await watched.ask('look');
    expect(snapshot).to.deep.include({ open: null, byKind: null, limit: { soft: null, hard: null } });
    expect(names.filter(name => !name.startsWith('vitals.sampler.'))).to.deep.equal(['vitals.fd.limit']);
    expect(errors).to.deep.equal({ 'fd.limit:EACCES': 3 });

    // The limit comes with the next reading.
    allow('limits', true);
    expect((await watched.after(60_000)).limit.soft).to.equal(1_000);
  });

  it('from some time on: each failure is counted, and it comes back', async () => {
    const watched = await launchOver();
    await watched.ask('start', start());
    expect((await watched.ask('look')).snapshot.open).to.equal(4);
    for (const path of ['fd', 'limits']) allow(path, false);
    await watched.after(60_000);
    const { snapshot, errors } = await watched.ask('look');
    expect(snapshot.open).to.equal(null);
    expect(snapshot.byKind).to.equal(null);
    // The limits are open already, and read on.
    expect(snapshot.limit.soft).to.equal(1_000);
    expect(errors).to.deep.equal({ 'fd.count:EACCES': 12, 'fd.kinds:EACCES': 12 });

    allow('fd', true);
    tree.link(2);
    expect(await watched.after(5_000)).to.deep.include({ open: 6 });
    expect((await watched.ask('look')).errors).to.deep.equal(errors);
  });
});
