import { expect } from 'chai';
import {
  closeSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from 'test-helpers/repository';
import { runFixture } from 'test-helpers/run-fixture';
import { skipBecause } from 'test-helpers/skip-because';
import { HeldFile } from '../../src/linux/held-file.js';

const kit = join(repositoryRoot, 'packages/otel-runtime-kit');

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code;
  }
  return undefined;
}

/** Descriptors of this process that are open on a file. */
function descriptorsOn(path: string): number[] {
  const target = (descriptor: string): string | undefined => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      // The one of the listing itself.
      return undefined;
    }
  };
  return readdirSync('/proc/self/fd')
    .filter(descriptor => target(descriptor) === path)
    .map(Number);
}

describe('HeldFile', () => {
  let folder: string;
  let path: string;
  const held: HeldFile[] = [];

  /** Opened for the test, closed after it. */
  function hold(...parameters: ConstructorParameters<typeof HeldFile>): HeldFile {
    const file = new HeldFile(...parameters);
    held.push(file);
    return file;
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'held-file-'));
    path = join(folder, 'file');
  });

  afterEach(() => {
    for (const file of held.splice(0)) file.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('on files of the kernel', () => {
    before(function () {
      if (process.platform !== 'linux') skipBecause(this, 'needs procfs');
    });

    for (const stable of ['/proc/self/limits', '/proc/self/cgroup', '/proc/self/cmdline', '/proc/version']) {
      it(`reads ${stable} as node:fs does, again and again`, () => {
        const file = hold(stable);
        const expected = readFileSync(stable, 'latin1');
        expect(expected).not.to.equal('');
        for (let reading = 0; reading < 3; reading += 1) expect(file.readText()).to.equal(expected);
      });
    }

    it('reads a file of the kernel anew each time', () => {
      const name = readFileSync('/proc/self/comm', 'latin1');
      const file = hold('/proc/self/comm');
      expect(file.readText()).to.equal(name);
      try {
        for (const other of ['held-file', 'x']) {
          writeFileSync('/proc/self/comm', other);
          expect(file.readText()).to.equal(`${other}\n`);
        }
      } finally {
        writeFileSync('/proc/self/comm', name.trimEnd());
      }
    });

    it('reads one that is longer than its buffer, whatever the length of that', () => {
      const expected = readFileSync('/proc/self/limits', 'latin1');
      for (const sizeHint of [1, 2, 7, expected.length - 1, expected.length, expected.length + 1]) {
        expect(hold('/proc/self/limits', sizeHint).readText()).to.equal(expected);
      }
    });

    it('holds one descriptor, and gives it back', () => {
      const target = `/proc/${process.pid}/limits`;
      const before = descriptorsOn(target).length;
      const file = hold('/proc/self/limits');
      expect(file.isOpen).to.equal(true);
      expect(descriptorsOn(target)).to.have.lengthOf(before + 1);
      file.readText();
      file.readText();
      expect(descriptorsOn(target)).to.have.lengthOf(before + 1);
      file.close();
      file.close();
      expect(file.isOpen).to.equal(false);
      expect(descriptorsOn(target)).to.have.lengthOf(before);
    });

    it('still reads when the process has no descriptor left, where node:fs fails', async () => {
      const { code, stdout, stderr } = await runFixture(join(kit, 'test/fixtures/held-file-at-emfile.cjs'), {
        args: [join(kit, 'dist/src/linux')],
        shellPrefix: 'ulimit -n 64',
      });
      expect(stderr).to.equal('');
      expect(code).to.equal(0);
      expect(JSON.parse(stdout)).to.deep.equal({
        plainReadBefore: 'ok',
        openedToEnd: 'EMFILE',
        plainRead: 'EMFILE',
        heldSameAsBefore: true,
        lateIsOpen: false,
        lateRead: 'EMFILE',
        lateReadAfterRelease: true,
        lateIsOpenAfterRelease: true,
      });
    });
  });

  it('grows with what it reads', () => {
    const text = '0123456789abcdef'.repeat(1 << 16);
    writeFileSync(path, text);
    expect(hold(path, 16).readText()).to.equal(text);
  });

  it('follows a file that changes, longer and shorter', () => {
    writeFileSync(path, 'one');
    const file = hold(path, 4);
    expect(file.readText()).to.equal('one');
    writeFileSync(path, 'two, and much more than that');
    expect(file.readText()).to.equal('two, and much more than that');
    writeFileSync(path, '');
    expect(file.readText()).to.equal('');
    writeFileSync(path, '3');
    expect(file.readText()).to.equal('3');
  });

  it('reads bytes as Latin-1, so that no byte is lost or doubled', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    writeFileSync(path, bytes);
    const text = hold(path).readText();
    expect(Array.from(text, letter => letter.codePointAt(0))).to.deep.equal([...bytes]);
  });

  it('ends a runaway read', () => {
    writeFileSync(path, Buffer.alloc(17 * 1024 * 1024));
    expect(() => hold(path).readText()).to.throw(RangeError, `${path} is larger than 16777216 bytes`);
  });

  it('does not throw when it cannot open, but when it is read, with the code', () => {
    const file = hold(path);
    expect(file.isOpen).to.equal(false);
    expect(codeOf(() => file.readText())).to.equal('ENOENT');
    expect(codeOf(() => file.readText())).to.equal('ENOENT');
    expect(codeOf(() => hold(join(path, 'below')).readText())).to.equal('ENOENT');
    expect(codeOf(() => hold(folder).readText())).to.equal('EISDIR');
  });

  it('opens later what it could not open at first', () => {
    const file = hold(path);
    writeFileSync(path, 'here now');
    expect(file.readText()).to.equal('here now');
    expect(file.isOpen).to.equal(true);
  });

  it('goes on with the file it has when the path is gone', () => {
    writeFileSync(path, 'held');
    const file = hold(path);
    rmSync(path);
    expect(file.readText()).to.equal('held');
  });

  it('passes on the error of a read, and closes without one', function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs procfs');
    writeFileSync(path, 'text');
    const file = hold(path);
    const [descriptor] = descriptorsOn(path);
    closeSync(descriptor!);
    expect(codeOf(() => file.readText())).to.equal('EBADF');
    file.close();
    expect(file.isOpen).to.equal(false);
  });
});
