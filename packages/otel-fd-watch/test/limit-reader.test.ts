import { expect } from 'chai';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { UnexpectedContentError } from 'otel-runtime-kit/sampling';
import { LimitReader } from '../src/limit-reader.js';
import { limitsText } from './fixtures/proc-tree.js';
import { workshop } from './fixtures/watch-rig.js';

describe('LimitReader', () => {
  const { tree: newTree } = workshop();

  function readOnce(root: string): unknown {
    const reader = LimitReader.open(root);
    try {
      return reader?.read();
    } finally {
      reader?.close();
    }
  }

  it('reads both limits, and again what has become of them', () => {
    const tree = newTree();
    tree.writeLimits(1_024, 4_096);
    const reader = LimitReader.open(tree.root);
    expect(reader?.read()).to.deep.equal({ soft: 1_024, hard: 4_096 });
    tree.writeLimits(512, 'unlimited');
    expect(reader?.read()).to.deep.equal({ soft: 512, hard: null });
    tree.writeLimits('unlimited');
    expect(reader?.read()).to.deep.equal({ soft: null, hard: null });
    reader?.close();
  });

  it('does not exist where there is no such file', () => {
    expect(LimitReader.open(undefined)).to.equal(undefined);
    expect(LimitReader.open(newTree().root)).to.equal(undefined);
    expect(LimitReader.open('/no/such/folder')).to.equal(undefined);
  });

  it('throws for a file that does not say', () => {
    const withoutLine = limitsText(1, 1).replace(/^Max open files.*\n/m, '');
    const texts = [
      '',
      '\n',
      'garbage',
      '\0'.repeat(4_096),
      withoutLine,
      limitsText('many', 'more'),
      limitsText(-1, 5),
    ];
    for (const text of texts) {
      const tree = newTree();
      tree.write('limits', text);
      expect(() => readOnce(tree.root), text).to.throw(
        UnexpectedContentError,
        `${tree.root}/limits has no line "Max open files"`,
      );
    }
  });

  it('throws the code where reading fails', () => {
    const tree = newTree();
    mkdirSync(join(tree.root, 'limits'));
    expect(() => readOnce(tree.root))
      .to.throw()
      .with.property('code', 'EISDIR');
  });
});
