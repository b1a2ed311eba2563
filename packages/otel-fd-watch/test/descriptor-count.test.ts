import { expect } from 'chai';
import { closeSync, openSync, readdirSync, statSync } from 'node:fs';
import { skipBecause } from 'test-helpers/skip-because';
import { detectCounter } from '../src/descriptor-count.js';
import { DescriptorDirectory } from '../src/descriptor-directory.js';
import { workshop } from './fixtures/watch-rig.js';

describe('detectCounter', () => {
  const { tree: newTree } = workshop();
  const directories: DescriptorDirectory[] = [];

  function open(...parameters: ConstructorParameters<typeof DescriptorDirectory>): DescriptorDirectory {
    const directory = new DescriptorDirectory(...parameters);
    directories.push(directory);
    return directory;
  }

  afterEach(() => {
    for (const directory of directories.splice(0)) directory.close();
  });

  it('lists a folder whose size is not the number of its entries', () => {
    const tree = newTree();
    tree.link(7);
    expect(statSync(tree.fdPath).size).not.to.equal(7);
    const counter = detectCounter(open({ ...tree.directory, sizeMayCount: true }));
    expect(counter?.method).to.equal('list');
    expect(counter?.read()).to.equal(7);
    tree.link(4);
    expect(counter?.read()).to.equal(11);
  });

  it('believes no size where sizes mean something else, be it right by chance', () => {
    const tree = newTree();
    tree.link(3);
    const directory = open(tree.directory);
    directory.statSize = () => 3;
    expect(detectCounter(directory)?.method).to.equal('list');
  });

  it('believes a size that a listing finds too, even when another thread opens and closes in between', () => {
    const tree = newTree();
    tree.link(3);
    const directory = open({ ...tree.directory, sizeMayCount: true });
    const sizes = [3, 5, 4, 3];
    directory.statSize = () => sizes.shift() ?? 3;
    expect(detectCounter(directory)?.method).to.equal('stat');
  });

  it('believes no size that is 0, as on kernels before 6.2', () => {
    const tree = newTree();
    tree.link(3);
    const directory = open({ ...tree.directory, sizeMayCount: true });
    directory.statSize = () => 0;
    const counter = detectCounter(directory);
    expect(counter?.method).to.equal('list');
    expect(counter?.read()).to.equal(3);
  });

  it('goes by whether there is a size where no listing can be made', () => {
    const noListing = (code: string, size: number): string | undefined => {
      const directory = open({ ...newTree().directory, sizeMayCount: true });
      directory.statSize = () => size;
      directory.listedCount = () => {
        throw Object.assign(new Error(code), { code });
      };
      return detectCounter(directory)?.method;
    };
    expect(noListing('EMFILE', 64)).to.equal('stat');
    expect(noListing('EACCES', 64)).to.equal('stat');
    // Out of descriptors now: later there is something to list with.
    expect(noListing('EMFILE', 0)).to.equal('list');
    expect(noListing('EACCES', 0)).to.equal(undefined);
  });

  it('counts nothing where there is no such folder, or something that is none', () => {
    const tree = newTree();
    tree.write('file', '');
    for (const path of [`${tree.root}/missing`, `${tree.root}/file`]) {
      for (const sizeMayCount of [true, false]) {
        expect(detectCounter(open({ path, listsItself: true, sizeMayCount })), path).to.equal(undefined);
      }
    }
  });

  it('counts this process as a listing does, by either method', function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    const path = '/proc/self/fd';
    const counters = [true, false].map(sizeMayCount =>
      detectCounter(open({ path, listsItself: true, sizeMayCount })),
    );
    const opened: number[] = [];
    try {
      for (let more = 0; more < 20; more += 1) {
        // Less the one of this listing.
        const expected = readdirSync(path).length - 1;
        for (const counter of counters) expect(counter?.read()).to.equal(expected);
        opened.push(openSync('/dev/null', 'r'));
      }
    } finally {
      for (const descriptor of opened) closeSync(descriptor);
    }
  });
});
