import { expect } from 'chai';
import { mkdirSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createSamplingRuntime } from 'otel-runtime-kit/otel';
import { FakeClock } from 'test-helpers/fake-clock';
import { ConnectionTable } from '../src/connection-states.js';
import { DescriptorDirectory } from '../src/descriptor-directory.js';
import { KindWatch } from '../src/kind-watch.js';
import type { KindFindings } from '../src/kind-watch.js';
import type { ProcTree } from './fixtures/proc-tree.js';
import { tcpLine, tcpTable } from './fixtures/tcp-table.js';
import { workshop } from './fixtures/watch-rig.js';

/** Links looked at in one go, and the pause after them: the host must not wait longer. */
const [SLICE, PAUSE_MILLIS] = [500, 1];

describe('KindWatch', () => {
  const { tree: newTree } = workshop();
  const undo: (() => void)[] = [];

  afterEach(() => {
    for (const step of undo.splice(0)) step();
  });

  function watchOver(tree: ProcTree, { maximum = 20_000, connections = false } = {}) {
    const clock = new FakeClock();
    const runtime = createSamplingRuntime(clock);
    const directory = new DescriptorDirectory(tree.directory);
    const connectionTable = connections ? new ConnectionTable(tree.root) : undefined;
    const findings: KindFindings[] = [];
    const problems: string[] = [];
    let listings = 0;
    let failures = 0;
    const list = directory.list.bind(directory);
    directory.list = () => {
      listings += 1;
      // In the order of procfs; other file systems have orders of their own.
      return list().sort((a, b) => Number(a) - Number(b));
    };
    const watch = new KindWatch({
      runtime,
      directory,
      maximum,
      connectionTable,
      problems: { report: key => problems.push(key) },
      onFindings: found => {
        if (found === undefined) failures += 1;
        else findings.push(found);
      },
    });
    undo.push(() => {
      watch.stop();
      directory.close();
      connectionTable?.close();
    });
    return { clock, watch, findings, problems, listings: () => listings, failures: () => failures };
  }

  it('finds at once what fits in one slice', () => {
    const tree = newTree();
    tree.link(SLICE);
    const { clock, watch, findings } = watchOver(tree);
    watch.start();
    expect(findings.map(({ byKind }) => byKind.file)).to.deep.equal([SLICE]);
    expect(clock.timerCount).to.equal(0);
  });

  it('pauses after each slice of a longer scan, and finds at its end', () => {
    const tree = newTree();
    tree.link(4 * SLICE + 1);
    const { clock, watch, findings } = watchOver(tree);
    watch.start();
    for (let pause = 0; pause < 4; pause += 1) {
      expect(findings).to.deep.equal([]);
      expect(clock.timerCount).to.equal(1);
      clock.advance(PAUSE_MILLIS);
    }
    expect(findings.map(({ byKind }) => byKind.file)).to.deep.equal([4 * SLICE + 1]);
    expect(clock.timerCount).to.equal(0);
  });

  it('does not count what is closed while it pauses', () => {
    const tree = newTree();
    tree.link(2 * SLICE);
    const { clock, watch, findings } = watchOver(tree);
    watch.start();
    tree.remove('fd');
    mkdirSync(tree.fdPath);
    clock.advance(PAUSE_MILLIS);
    expect(findings.map(({ byKind }) => byKind.file)).to.deep.equal([SLICE]);
  });

  it('is joined by a start while it runs: one listing, everybody told at the end', () => {
    const tree = newTree();
    tree.link(2 * SLICE);
    const { clock, watch, findings, listings } = watchOver(tree);
    const told: string[] = [];
    watch.start(() => told.push('first'));
    watch.start();
    watch.start(() => told.push('third'));
    expect(told).to.deep.equal([]);
    clock.advance(PAUSE_MILLIS);
    expect(told).to.deep.equal(['first', 'third']);
    expect(findings).to.have.lengthOf(1);
    expect(listings()).to.equal(1);

    watch.start(() => told.push('later'));
    clock.advance(PAUSE_MILLIS);
    expect(told).to.deep.equal(['first', 'third', 'later']);
    expect(listings()).to.equal(2);
  });

  it('may be started again by whom it tells', () => {
    const tree = newTree();
    tree.link(1);
    const { watch, findings } = watchOver(tree);
    watch.start(() => {
      watch.start();
    });
    expect(findings).to.have.lengthOf(2);
  });

  it('leaves nothing and tells nobody when it is stopped in the middle, and can start anew', () => {
    const tree = newTree();
    tree.link(3 * SLICE);
    const { clock, watch, findings } = watchOver(tree);
    const told: string[] = [];
    watch.start(() => told.push('never'));
    clock.advance(PAUSE_MILLIS);
    watch.stop();
    expect(clock.timerCount).to.equal(0);
    clock.advance(1_000);
    expect({ findings, told }).to.deep.equal({ findings: [], told: [] });

    watch.start(() => told.push('second'));
    clock.advance(2 * PAUSE_MILLIS);
    expect(told).to.deep.equal(['second']);
    expect(findings.map(({ byKind }) => byKind.file)).to.deep.equal([3 * SLICE]);
  });

  it('tells those who wait also when the scan fails, at its start or in the middle', () => {
    const tree = newTree();
    tree.link(2 * SLICE);
    const { clock, watch, findings, failures, problems } = watchOver(tree);
    const told: string[] = [];
    watch.start(() => told.push('middle'));
    // The last one is no link any more.
    const last = String(2 * SLICE - 1);
    unlinkSync(join(tree.fdPath, last));
    tree.write(`fd/${last}`, '');
    clock.advance(PAUSE_MILLIS);
    expect(problems).to.deep.equal(['fd.kinds:EINVAL']);

    rmSync(tree.fdPath, { recursive: true });
    watch.start(() => told.push('start'));
    expect(problems).to.deep.equal(['fd.kinds:EINVAL', 'fd.kinds:ENOENT']);
    expect({ told, findings }).to.deep.equal({ told: ['middle', 'start'], findings: [] });
    expect(failures()).to.equal(2);
    expect(clock.timerCount).to.equal(0);
  });

  it('scales connections up with the sample', () => {
    const tree = newTree();
    // Every second descriptor is a socket, three of four of them established.
    const lines: string[] = [];
    for (let i = 0; i < 100; i += 1) {
      tree.link(1, `socket:[${1_000 + i}]`);
      tree.link(1, '/srv/data.bin');
      lines.push(tcpLine({ state: i % 4 === 0 ? '08' : '01', inode: 1_000 + i }));
    }
    tree.write('net/tcp', tcpTable(lines));
    const whole = watchOver(tree, { connections: true });
    whole.watch.start();
    expect(whole.findings[0]?.connections).to.include({ established: 75, close_wait: 25 });

    // 40 of 200: each fifth, of which every second is a socket.
    const sampled = watchOver(tree, { connections: true, maximum: 40 });
    sampled.watch.start();
    const [found] = sampled.findings;
    expect(found?.sampled).to.equal(true);
    expect(found?.byKind).to.include({ socket: 100, file: 100 });
    expect(found?.connections).to.include({ established: 75, close_wait: 25 });
  });

  it('has kinds without connections where the tables cannot be read', () => {
    const tree = newTree();
    tree.link(2, 'socket:[1]');
    tree.write('net/tcp', 'garbage');
    const { watch, findings, problems } = watchOver(tree, { connections: true });
    watch.start();
    expect(findings).to.have.lengthOf(1);
    expect(findings[0]?.byKind.socket).to.equal(2);
    expect(findings[0]?.connections).to.equal(null);
    expect(problems).to.deep.equal(['fd.connections:UnexpectedContentError']);
  });
});
