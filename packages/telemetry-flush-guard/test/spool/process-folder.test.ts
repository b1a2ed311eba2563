import { expect } from 'chai';
import type { Owner } from '../../src/spool/owner.js';
import { ProcessFolder } from '../../src/spool/process-folder.js';
import { FakeFileSystem } from './fake-file-system.js';

const NAME = '4711-0-0123456789ab';

const owner: Owner = {
  pid: 4711,
  threadId: 0,
  startTime: '1',
  bootId: 'boot',
  pidNamespace: 'ns',
  hostname: 'host',
};

function make(files: FakeFileSystem): ProcessFolder {
  return new ProcessFolder(files, '/', NAME, owner);
}

describe('the folder of a process', () => {
  it('leaves no descriptor and nothing on disk if it cannot be written, at whichever call that is', () => {
    const untroubled = new FakeFileSystem();
    make(untroubled);
    for (let failing = 0; failing < untroubled.calls.length; failing += 1) {
      const files = new FakeFileSystem();
      files.faultAt = call => (call === failing ? { fail: 'ENOSPC' } : undefined);
      expect(() => make(files), untroubled.calls[failing]).to.throw('ENOSPC');
      expect(files.openDescriptors, untroubled.calls[failing]).to.equal(0);
      expect([...files.disk.keys()], untroubled.calls[failing]).to.deep.equal(['/']);
    }
    expect(untroubled.calls).to.include.members(['mkdir', 'open', 'write']);
  });

  it('throws what was the matter first, also if nothing can be taken away again', () => {
    const files = new FakeFileSystem();
    files.faultAt = (_call, name) => {
      if (name === 'write') return { fail: 'ENOSPC' };
      return ['close', 'unlink', 'rmdir'].includes(name) ? { fail: 'EIO' } : undefined;
    };
    expect(() => make(files)).to.throw('ENOSPC');
  });

  it('is abandoned with all that is in it, and its descriptors given back', () => {
    const files = new FakeFileSystem();
    const folder = make(files);
    const before = [...files.disk.keys()];
    expect(files.openDescriptors).to.equal(2);
    folder.abandon();
    expect(files.openDescriptors).to.equal(0);
    expect([...files.disk.keys()]).to.deep.equal(before);
    folder.abandon();
    folder.beat(1_000);
    expect(files.disk.get(`/${NAME}/owner`)?.mtimeMs, 'no beat any more').to.equal(0);
  });

  it('is abandoned without a word if that fails, the second descriptor also after the first', () => {
    const files = new FakeFileSystem();
    const folder = make(files);
    let closes = 0;
    files.faultAt = (_call, name) => {
      if (name !== 'close') return undefined;
      closes += 1;
      return closes === 1 ? { fail: 'EIO' } : undefined;
    };
    folder.abandon();
    expect(closes).to.equal(2);
    expect(files.openDescriptors).to.equal(1);
  });
});
