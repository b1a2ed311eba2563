import { expect } from 'chai';
import { unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescriptorDirectory } from '../src/descriptor-directory.js';
import type { DescriptorDirectoryOptions } from '../src/descriptor-directory.js';
import { hasReadableLinks } from '../src/descriptor-links.js';
import { workshop } from './fixtures/watch-rig.js';

describe('hasReadableLinks', () => {
  const { tree: newTree } = workshop();

  function answer(
    options: DescriptorDirectoryOptions,
    change: (directory: DescriptorDirectory) => void = () => {},
  ): boolean {
    const directory = new DescriptorDirectory(options);
    change(directory);
    try {
      return hasReadableLinks(directory);
    } finally {
      directory.close();
    }
  }

  it('is true where the entries are links, wherever they lead', () => {
    const tree = newTree();
    tree.link(1, 'socket:[1]');
    expect(answer(tree.directory)).to.equal(true);
  });

  it('looks past entries that are gone by then', () => {
    const tree = newTree();
    tree.link(3);
    const listed = (directory: DescriptorDirectory): void => {
      directory.list = () => ['0', '1', '2'];
    };
    for (const name of ['0', '1']) unlinkSync(join(tree.fdPath, name));
    expect(answer(tree.directory, listed)).to.equal(true);
    unlinkSync(join(tree.fdPath, '2'));
    expect(answer(tree.directory, listed)).to.equal(false);
  });

  it('is false where the entries are something else, or there are none', () => {
    const tree = newTree();
    expect(answer(tree.directory)).to.equal(false);
    writeFileSync(join(tree.fdPath, '0'), '');
    expect(answer(tree.directory)).to.equal(false);
    tree.remove('fd/0');
    tree.link(2);
    tree.remove('fd/0');
    tree.write('fd/0', '');
    const inOrder = (directory: DescriptorDirectory): void => {
      directory.list = () => ['0', '1'];
    };
    expect(answer(tree.directory, inOrder)).to.equal(false);
  });

  it('is false where nothing can be listed', () => {
    expect(answer({ ...newTree().directory, path: '/no/such/folder' })).to.equal(false);
  });

  it('waits and sees where only descriptors lack, if this is procfs', () => {
    const exhausted = (directory: DescriptorDirectory): void => {
      directory.list = () => {
        throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
      };
    };
    const { directory } = newTree();
    expect(answer({ ...directory, sizeMayCount: true }, exhausted)).to.equal(true);
    expect(answer(directory, exhausted)).to.equal(false);
  });
});
