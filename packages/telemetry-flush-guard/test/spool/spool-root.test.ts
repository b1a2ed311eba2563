import { expect } from 'chai';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { skipBecause } from 'test-helpers/skip-because';
import { realFileSystem } from '../../src/spool/file-system.js';
import { openRoot, SpoolRefusedError } from '../../src/spool/spool-root.js';
import { FakeFileSystem } from './fake-file-system.js';

const uid = process.getuid?.();

describe('the folder of the spool', () => {
  let tmp: string;

  beforeEach(() => {
    tmp = fs.mkdtempSync(join(tmpdir(), 'spool-root-'));
  });

  afterEach(() => {
    fs.rmSync(tmp, { recursive: true });
  });

  const open = (...path: string[]): ReturnType<typeof openRoot> =>
    openRoot(realFileSystem, join(tmp, ...path), uid);

  it('is made with its parents, for its owner alone, and opened again', () => {
    expect(open('a', 'b', 'c')).to.deep.equal({ path: join(tmp, 'a/b/c/v1'), newer: [] });
    fs.mkdirSync(join(tmp, 'a/b/c/v2'));
    expect(open('a', 'b', 'c').newer).to.deep.equal(['v2']);
    if (process.platform === 'win32') return;
    for (const path of ['a', 'a/b', 'a/b/c', 'a/b/c/v1']) {
      expect(fs.statSync(join(tmp, path)).mode & 0o777, path).to.equal(0o700);
    }
  });

  it('is made beside another process that makes the same one', () => {
    const files = new FakeFileSystem();
    const other = new FakeFileSystem(files.disk);
    files.faultAt = (_call, name) => {
      if (name === 'mkdir' && !other.disk.has('/a/b/v1')) openRoot(other, '/a/b', 0);
      return undefined;
    };
    expect(openRoot(files, '/a/b', 0).path).to.equal('/a/b/v1');
  });

  it('is given up where folders cannot be made, whatever mkdir answers', function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    // In another process, with a time limit: mkdir with `recursive` does not come back from there.
    const script = `
      const { openRoot } = require(${JSON.stringify(require.resolve('../../src/spool/spool-root.js'))});
      const { realFileSystem } = require(${JSON.stringify(require.resolve('../../src/spool/file-system.js'))});
      for (const dir of ['/proc/nope', '/proc/nope/deep/down']) {
        try { openRoot(realFileSystem, dir, process.getuid()); } catch ({ code }) { console.log(code); }
      }`;
    const out = execFileSync(process.execPath, ['-e', script], { timeout: 10_000, killSignal: 'SIGKILL' });
    expect(out.toString().trim().split('\n')).to.deep.equal(['ENOENT', 'ENOENT']);
  });

  it('passes on that a file is in the way', () => {
    fs.writeFileSync(join(tmp, 'file'), '');
    expect(() => open('file', 'deep')).to.throw(/ENOTDIR|ENOENT/);
    expect(() => open('file')).to.throw(SpoolRefusedError, 'not a folder');
  });

  it('is refused if it is a link, and nothing is made behind it', function () {
    if (process.platform === 'win32') skipBecause(this, 'links need rights there');
    fs.mkdirSync(join(tmp, 'target'));
    fs.symlinkSync(join(tmp, 'target'), join(tmp, 'link'));
    fs.symlinkSync(join(tmp, 'nothing'), join(tmp, 'dangling'));
    for (const name of ['link', 'link/', 'dangling']) {
      expect(() => openRoot(realFileSystem, `${tmp}/${name}`, uid), name).to.throw(
        SpoolRefusedError,
        'link is a symbolic link'.slice(name === 'dangling' ? 5 : 0),
      );
    }
    expect(fs.readdirSync(join(tmp, 'target'))).to.deep.equal([]);
    expect(fs.existsSync(join(tmp, 'nothing'))).to.equal(false);
    // Of those above it, links are the rule: /var/run.
    expect(open('link', 'deep').path).to.equal(join(tmp, 'link/deep/v1'));
  });

  it('may be a volume that is root’s, and what is in it may not', () => {
    const files = new FakeFileSystem();
    files.mkdirSync('/volume', { mode: 0o777, recursive: false });
    files.uid = 1000;
    expect(openRoot(files, '/volume', 1000).path).to.equal('/volume/v1');
    expect(files.disk.get('/volume/v1')?.uid).to.equal(1000);
    expect(openRoot(files, '/volume', 1000).path, 'the second time').to.equal('/volume/v1');
    expect(() => openRoot(files, '/volume', 1001)).to.throw(
      SpoolRefusedError,
      '/volume/v1 belongs to user 1000, this process to 1001',
    );
    files.disk.set('/volume/v1', { kind: 'folder', bytes: Buffer.alloc(0), mtimeMs: 0, uid: 0 });
    expect(() => openRoot(files, '/volume', 1000)).to.throw(SpoolRefusedError, 'belongs to user 0');
    files.disk.set('/volume/v1', { kind: 'link', bytes: Buffer.alloc(0), mtimeMs: 0, uid: 1000 });
    expect(() => openRoot(files, '/volume', 1000)).to.throw(SpoolRefusedError, 'symbolic link');
  });

  it('is refused if it is somebody else’s, and nothing is made in it', () => {
    const files = new FakeFileSystem();
    files.uid = 1001;
    files.mkdirSync('/theirs', { mode: 0o777, recursive: false });
    for (const own of [1000, 0]) {
      expect(() => openRoot(files, '/theirs', own)).to.throw(SpoolRefusedError, 'belongs to user 1001');
    }
    expect([...files.disk.keys()]).to.deep.equal(['/', '/theirs']);
  });
});
