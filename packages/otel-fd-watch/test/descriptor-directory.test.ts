import { expect } from 'chai';
import { closeSync, fstatSync, openSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { skipBecause } from 'test-helpers/skip-because';
import { DescriptorDirectory } from '../src/descriptor-directory.js';
import { workshop } from './fixtures/watch-rig.js';

const PROCFS = { path: '/proc/self/fd', listsItself: true, sizeMayCount: true };

/** Numbers of this process's descriptors. */
function openNow(): string[] {
  return readdirSync('/proc/self/fd').filter(name => {
    try {
      readlinkSync(`/proc/self/fd/${name}`);
      return true;
    } catch {
      // The one of the listing itself.
      return false;
    }
  });
}

describe('DescriptorDirectory', () => {
  const { tree: newTree } = workshop();

  it('lists and counts what is in the folder', () => {
    const tree = newTree();
    const directory = new DescriptorDirectory(tree.directory);
    for (const count of [0, 1, 12, 3]) {
      tree.resize(count);
      expect(directory.listedCount()).to.equal(count);
      expect(directory.list().sort()).to.deep.equal(readdirSync(tree.fdPath).sort());
    }
    directory.close();
  });

  it('leaves out the descriptor of its own listing, where that is in the list', () => {
    const tree = newTree();
    tree.link(5);
    const directory = new DescriptorDirectory({ ...tree.directory, listsItself: true });
    expect(directory.listedCount()).to.equal(4);
    expect(directory.list()).to.have.lengthOf(5);
    directory.close();
  });

  it('throws what the listing throws', () => {
    const directory = new DescriptorDirectory({ ...newTree().directory, path: '/no/such/folder' });
    for (const read of ['list', 'listedCount', 'statSize'] as const) {
      expect(() => directory[read]())
        .to.throw()
        .with.property('code', 'ENOENT');
    }
    directory.close();
  });

  it('holds one descriptor, and gives it back once', function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    const before = openNow();
    const directory = new DescriptorDirectory(newTree().directory);
    const [reserve, ...more] = openNow().filter(name => !before.includes(name));
    expect(more).to.deep.equal([]);
    expect(readlinkSync(`/proc/self/fd/${reserve ?? ''}`)).to.equal('/dev/null');
    directory.list();
    directory.listedCount();
    expect(openNow()).to.have.lengthOf(before.length + 1);

    directory.close();
    expect(openNow()).to.have.members(before);
    // The number belongs to somebody else now.
    const other = openSync('/dev/zero', 'r');
    directory.close();
    expect(openNow()).to.have.members([...before, String(other)]);
    closeSync(other);
  });

  it('holds the folder itself in procfs, and tells its size through that', function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    const before = openNow();
    const directory = new DescriptorDirectory(PROCFS);
    const [reserve] = openNow().filter(name => !before.includes(name));
    expect(readlinkSync(`/proc/self/fd/${reserve ?? ''}`)).to.equal(`/proc/${process.pid}/fd`);
    expect(directory.statSize()).to.equal(statSync(PROCFS.path).size);
    const more = openSync('/dev/zero', 'r');
    expect(directory.statSize()).to.equal(statSync(PROCFS.path).size);
    closeSync(more);
    directory.close();
    expect(openNow()).to.have.members(before);
  });

  it('does not close what somebody has opened in place of its reserve', function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    for (const sizeMayCount of [true, false]) {
      const before = openNow();
      const directory = new DescriptorDirectory({ ...PROCFS, sizeMayCount });
      const reserve = Number(openNow().find(name => !before.includes(name)));
      closeSync(reserve);
      const other = openSync(__filename, 'r');
      expect(other, 'the lowest number that is free').to.equal(reserve);
      directory.close();
      expect(fstatSync(other).size).to.be.above(0);
      closeSync(other);
    }
  });

  it('does not take the size of what somebody has opened in place of its reserve', function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    const before = openNow();
    const directory = new DescriptorDirectory(PROCFS);
    const reserve = Number(openNow().find(name => !before.includes(name)));
    closeSync(reserve);
    const other = openSync(__filename, 'r');
    expect(other, 'the lowest number that is free').to.equal(reserve);
    expect(directory.statSize()).to.equal(statSync(PROCFS.path).size);
    // It has another one by now, and the other file is not its to close.
    expect(directory.statSize()).to.equal(statSync(PROCFS.path).size);
    directory.close();
    expect(fstatSync(other).size).to.be.above(0);
    closeSync(other);
    expect(openNow()).to.have.members(before);
  });

  it('can be closed, and lists, when somebody has closed its reserve', function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    const tree = newTree();
    tree.link(2);
    const before = openNow();
    const directory = new DescriptorDirectory(tree.directory);
    closeSync(Number(openNow().find(name => !before.includes(name))));
    expect(directory.listedCount()).to.equal(2);
    directory.close();
    expect(openNow()).to.have.members(before);
  });
});
