import { expect } from 'chai';
import { unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FD_KINDS } from '../src/descriptor-kind.js';
import type { FdKind } from '../src/descriptor-kind.js';
import { KindScan } from '../src/kind-scan.js';
import { workshop } from './fixtures/watch-rig.js';

const NONE = Object.fromEntries(FD_KINDS.map(kind => [kind, 0])) as Record<FdKind, number>;

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index));
}

function sum(byKind: Readonly<Record<FdKind, number>>): number {
  return Object.values(byKind).reduce((total, count) => total + count, 0);
}

describe('KindScan', () => {
  const { tree: newTree } = workshop();

  it('counts each link by its target, with 0 for every kind that there is none of', () => {
    const tree = newTree();
    tree.link(4, '/srv/data.bin');
    tree.link(3, 'socket:[11]');
    tree.link(2, 'socket:[12]');
    tree.link(1, 'anon_inode:[eventfd]');
    const scan = new KindScan(tree.fdPath, names(10), 100);
    expect(scan.step(100)).to.equal(true);
    const { byKind, socketInodes, sampled, scale } = scan.result();
    expect(byKind).to.deep.equal({ ...NONE, file: 4, socket: 5, eventfd: 1 });
    expect([...socketInodes]).to.have.members([11, 12]);
    expect({ sampled, scale }).to.deep.equal({ sampled: false, scale: 1 });
  });

  it('of nothing is complete at once', () => {
    const scan = new KindScan(newTree().fdPath, [], 100);
    expect(scan.step(1)).to.equal(true);
    expect(scan.result().byKind).to.deep.equal(NONE);
  });

  it('looks at no more in a step than it is told to', () => {
    const tree = newTree();
    tree.link(10);
    const scan = new KindScan(tree.fdPath, names(10), 100);
    expect([scan.step(4), scan.step(4)]).to.deep.equal([false, false]);
    // Had the last ones been looked at already, they would count.
    tree.unlink(2);
    expect(scan.step(4)).to.equal(true);
    expect(scan.result().byKind.file).to.equal(8);
  });

  it('is complete with the step that looks at the last one', () => {
    const tree = newTree();
    tree.link(8);
    const scan = new KindScan(tree.fdPath, names(8), 100);
    expect([scan.step(4), scan.step(4)]).to.deep.equal([false, true]);
    expect(scan.result().byKind.file).to.equal(8);
  });

  it('leaves out what has been closed since it was listed', () => {
    const tree = newTree();
    tree.link(6, '/dev/null');
    for (const name of ['1', '4']) unlinkSync(join(tree.fdPath, name));
    const scan = new KindScan(tree.fdPath, names(6), 100);
    scan.step(6);
    expect(scan.result().byKind).to.deep.equal({ ...NONE, device: 4 });
  });

  it('throws for an entry that is no link', () => {
    const tree = newTree();
    writeFileSync(join(tree.fdPath, '0'), '');
    const scan = new KindScan(tree.fdPath, names(1), 100);
    expect(() => scan.step(1))
      .to.throw()
      .with.property('code', 'EINVAL');
  });

  describe('of more than its maximum', () => {
    it('takes as many as the maximum, evenly: with kinds in blocks the shares are kept', () => {
      const tree = newTree();
      tree.link(200, '/srv/data.bin');
      tree.link(400, 'socket:[1]');
      tree.link(100, 'pipe:[1]');
      tree.link(300, '/dev/null');
      const scan = new KindScan(tree.fdPath, names(1_000), 100);
      expect(scan.step(99)).to.equal(false);
      expect(scan.step(1)).to.equal(true);
      const { byKind, sampled, scale } = scan.result();
      expect({ sampled, scale }).to.deep.equal({ sampled: true, scale: 10 });
      expect(byKind).to.deep.equal({ ...NONE, file: 200, socket: 400, pipe: 100, device: 300 });
    });

    it('is not sampled at the maximum, and is with one more', () => {
      const tree = newTree();
      tree.link(21);
      for (const [count, sampled] of [
        [20, false],
        [21, true],
      ] as const) {
        const scan = new KindScan(tree.fdPath, names(count), 20);
        scan.step(20);
        expect(scan.result()).to.deep.include({ sampled, byKind: { ...NONE, file: count } });
      }
    });

    it('gives whole numbers that add up to the total, each within one of its share', () => {
      const tree = newTree();
      const targets = [
        '/srv/data.bin',
        'socket:[1]',
        'pipe:[1]',
        '/dev/null',
        'anon_inode:[eventfd]',
        'x:[1]',
      ];
      // Uneven shares: none divides.
      targets.forEach((target, index) => {
        tree.link(37 + 61 * index, target);
      });
      const total = tree.open;
      for (const maximum of [1, 2, 3, 7, 100, 333, total - 1]) {
        const scan = new KindScan(tree.fdPath, names(total), maximum);
        expect(scan.step(total)).to.equal(true);
        const { byKind, scale } = scan.result();
        expect(sum(byKind), `maximum ${maximum}`).to.equal(total);
        const looked: Record<string, number> = { ...NONE };
        for (let i = 0; i < maximum; i += 1) {
          const descriptor = Math.floor((i * total) / maximum);
          let end = 0;
          const index = targets.findIndex((_, at) => descriptor < (end += 37 + 61 * at));
          const kind = ['file', 'socket', 'pipe', 'device', 'eventfd', 'other'][index] ?? '';
          looked[kind] = (looked[kind] ?? NaN) + 1;
        }
        for (const kind of FD_KINDS) {
          expect(byKind[kind] % 1).to.equal(0);
          expect(Math.abs(byKind[kind] - (looked[kind] ?? NaN) * scale), kind).to.be.below(1);
        }
      }
    });

    it('takes what has vanished from the sample as a share of all', () => {
      const tree = newTree();
      tree.link(1_000);
      // The newest tenth is gone.
      tree.unlink(100);
      const scan = new KindScan(tree.fdPath, names(1_000), 100);
      scan.step(100);
      expect(scan.result().byKind).to.deep.equal({ ...NONE, file: 900 });
    });
  });
});
