import { expect } from 'chai';
import { isProcessFolder } from '../../src/spool/file-names.js';
import { FrameWriter, RecordType } from '../../src/spool/frame.js';
import { adoptedFiles, claimOrphans, removeIfEmpty, takeOutAdopted } from '../../src/spool/orphans.js';
import type { Owner, ProcessView } from '../../src/spool/owner.js';
import { ownerText } from '../../src/spool/owner.js';
import { SCHEMA } from '../../src/spool/segment-reader.js';
import { FakeFileSystem } from './fake-file-system.js';

const HEIR = '/v1/1-0-aaaaaaaaaaaa';
const DEAD = '2-0-bbbbbbbbbbbb';
const OLDER = 'adopted-3-0-cccccccccccc';
const LATER = 1e12;

function owner(pid: number): Owner {
  return { pid, threadId: 0, startTime: 'then', bootId: 'boot', pidNamespace: 'ns', hostname: 'host' };
}

const view: ProcessView = { self: owner(1), startTimeOf: pid => (pid === 1 ? 'then' : undefined) };

function header(schema: number): Buffer {
  return Buffer.from(new FrameWriter().frame(RecordType.header, schema, 0, '1 2'));
}

/** A disk with those files, by their paths below the folder of folders. */
function diskWith(contents: Readonly<Record<string, Buffer | string>>): FakeFileSystem {
  const files = new FakeFileSystem();
  files.mkdirSync(HEIR, { mode: 0, recursive: true });
  for (const [name, bytes] of Object.entries(contents)) {
    const path = `/v1/${name}`;
    files.mkdirSync(path.slice(0, path.lastIndexOf('/')), { mode: 0, recursive: true });
    if (!path.endsWith('/')) files.disk.set(path, { kind: 'file', bytes: Buffer.from(bytes), mtimeMs: 0 });
  }
  return files;
}

function claim(files: FakeFileSystem, problems: string[] = []): string[] {
  return claimOrphans(files, '/v1', HEIR, view, LATER, (path, thrown) => {
    problems.push(`${path}: ${String(thrown)}`);
  });
}

describe('the folders of the dead', () => {
  it('are known by their names', () => {
    for (const name of ['4711-0-0123456789ab', '1-17-ffffffffffff'])
      expect(isProcessFolder(name)).to.equal(true);
    for (const name of [
      'backup',
      '4711-0-0123456789a',
      '4711-0-0123456789abc',
      '4711-0123456789ab',
      '4711-0-0123456789AB',
      'x4711-0-0123456789ab',
      'adopted-4711-0-0123456789ab',
      '4711-0-0123456789ab.bak',
      '-1-0-0123456789ab',
      '',
    ]) {
      expect(isProcessFolder(name), name).to.equal(false);
    }
  });

  it('are claimed, and what was kept back in them given up', () => {
    const files = diskWith({
      [`${DEAD}/owner`]: ownerText(owner(2)),
      [`${DEAD}/reserve`]: 'kept back',
      [`${DEAD}/spans.00000001.seg`]: header(SCHEMA),
      // Its owner was torn off, its segment was not.
      '4-0-dddddddddddd/logs.00000001.seg': header(SCHEMA),
      // It died before it could write anything.
      '5-0-eeeeeeeeeeee/': '',
    });
    expect(claim(files)).to.have.members(
      [DEAD, '4-0-dddddddddddd', '5-0-eeeeeeeeeeee'].map(name => `${HEIR}/adopted-${name}`),
    );
    expect(files.readdirSync(`${HEIR}/adopted-${DEAD}`)).to.have.members(['owner', 'spans.00000001.seg']);
    expect(files.openDescriptors).to.equal(0);
  });

  it('are left to a living owner', () => {
    const files = diskWith({ '1-0-ffffffffffff/owner': ownerText(owner(1)) });
    expect(claim(files)).to.deep.equal([]);
  });

  it('are no folders of others, of which every byte stays where it is', () => {
    const files = diskWith({
      'backup/reserve': 'mine',
      'backup/notes': 'mine',
      'backup/owner': ownerText(owner(2)),
      'backup/spans.00000001.seg': header(SCHEMA),
      '20-0-202611220000/reserve': 'looks like ours by its name alone',
      'stray-file': 'mine',
      '6-0-ffffffffffff': 'no folder',
      [OLDER]: 'no folder',
    });
    const before = new Map(files.disk);
    const problems: string[] = [];
    expect(claim(files, problems)).to.deep.equal([]);
    expect(problems).to.deep.equal([]);
    expect(files.disk).to.deep.equal(before);
  });

  it('are not moved while they hold segments of a later version, in themselves or in what they had adopted', () => {
    const long = Buffer.concat([header(SCHEMA + 1), Buffer.alloc(100_000, 7)]);
    for (const place of [DEAD, `${DEAD}/${OLDER}`]) {
      const files = diskWith({
        [`${DEAD}/owner`]: ownerText(owner(2)),
        [`${DEAD}/reserve`]: 'kept back',
        [`${DEAD}/spans.00000001.seg`]: header(SCHEMA),
        [`${place}/spans.00000002.seg`]: long,
        '4-0-dddddddddddd/owner': ownerText(owner(4)),
      });
      const problems: string[] = [];
      expect(claim(files, problems), 'the others are').to.deep.equal([`${HEIR}/adopted-4-0-dddddddddddd`]);
      expect(problems).to.deep.equal([`/v1/${DEAD}: it holds segments of a later version`]);
      expect([...files.disk.keys()].filter(path => path.startsWith(`/v1/${DEAD}/`))).to.include.members([
        `/v1/${DEAD}/reserve`,
        `/v1/${place}/spans.00000002.seg`,
      ]);
      expect(files.openDescriptors).to.equal(0);
    }
  });

  it('are claimed with a segment on a bad sector, and not while no descriptor is left to look at it', () => {
    const content = {
      [`${DEAD}/owner`]: ownerText(owner(2)),
      [`${DEAD}/spans.00000001.seg`]: header(SCHEMA),
    };
    const bad = diskWith(content);
    let reads = 0;
    bad.faultAt = (_call, name) => {
      if (name === 'read') reads += 1;
      // The first is of the owner.
      return name === 'read' && reads === 2 ? { fail: 'EIO' } : undefined;
    };
    expect(claim(bad)).to.have.length(1);
    expect(bad.openDescriptors).to.equal(0);

    const scarce = diskWith(content);
    let opens = 0;
    scarce.faultAt = (_call, name) => {
      if (name === 'open') opens += 1;
      return name === 'open' && opens === 2 ? { fail: 'EMFILE' } : undefined;
    };
    const problems: string[] = [];
    expect(claim(scarce, problems)).to.deep.equal([]);
    expect(problems).to.deep.equal([`/v1/${DEAD}: Error: EMFILE: made up`]);
    expect(claim(scarce), 'the next time').to.have.length(1);
  });

  it('keep what others have put into them, whatever it is called', () => {
    const files = diskWith({
      [`${DEAD}/owner`]: ownerText(owner(2)),
      [`${DEAD}/${OLDER}/spans.00000003.seg`]: header(SCHEMA),
      [`${DEAD}/adopted-backup/reserve`]: 'mine',
      [`${DEAD}/adopted-backup/spans.00000004.seg`]: 'mine',
    });
    const [folder = ''] = claim(files);
    expect(takeOutAdopted(files, folder, HEIR)).to.deep.equal([`${HEIR}/${OLDER}`]);
    expect(adoptedFiles(files, folder)).to.deep.equal([]);
    expect(removeIfEmpty(files, folder)).to.equal(false);
    expect(files.readdirSync(`${folder}/adopted-backup`)).to.have.members(['reserve', 'spans.00000004.seg']);
    files.unlinkSync(`${HEIR}/${OLDER}/spans.00000003.seg`);
    expect(removeIfEmpty(files, `${HEIR}/${OLDER}`)).to.equal(true);
  });
});
