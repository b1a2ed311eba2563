import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skipBecause } from 'test-helpers/skip-because';
import { execFileSync } from 'node:child_process';
import { mortalityOf, survivalNotice } from '../../src/spool/disk-survival.js';
import { mountOf, parseMountInfo, readMountInfo } from '../../src/spool/mount-info.js';

/** As a container in a pod sees it: its own layer, volumes of every kind, one of them with a blank in its name. */
const CONTAINER = `1200 1100 0:350 / / rw,relatime master:420 - overlay overlay rw,lowerdir=/a:/b,upperdir=/c,workdir=/d
1201 1200 0:353 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
1202 1200 0:354 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755
1210 1200 0:340 / /dev/shm rw,relatime shared:5 master:6 - tmpfs shm rw,size=65536k
1211 1200 259:1 /var/lib/kubelet/pods/6f1c/volumes/kubernetes.io~empty-dir/scratch /scratch rw,relatime - ext4 /dev/nvme0n1p1 rw
1212 1200 0:341 / /scratch/memory rw,relatime - tmpfs tmpfs rw,size=1048576k
1213 1200 259:3 / /data rw,relatime - xfs /dev/nvme1n1 rw,attr2
1214 1200 0:360 /export/spool /mnt/nfs\\040share rw,relatime - nfs4 10.0.0.1:/export rw,vers=4.2
1215 1200 259:3 /inner /data/data rw,relatime propagate_from:2 - xfs /dev/nvme1n1 rw
1216 1200 0:370 / /twice rw - ext4 /dev/sdb rw
1217 1216 0:371 / /twice rw - tmpfs tmpfs rw
`;

const mounts = parseMountInfo(CONTAINER);

describe('mountinfo', () => {
  it('is read with optional fields or without, blanks as they are, other lines left out', () => {
    expect(mounts).to.have.length(11);
    expect(mounts[0]).to.deep.equal({ root: '/', mountPoint: '/', fileSystem: 'overlay' });
    expect(mounts[7]).to.deep.equal({
      root: '/export/spool',
      mountPoint: '/mnt/nfs share',
      fileSystem: 'nfs4',
    });
    expect(parseMountInfo('\nrubbish\n1 2 3 - \n')).to.deep.equal([]);
  });

  it('gives the mount with the longest point that a path lies in, and the later of two', () => {
    const typeOf = (path: string): string | undefined => mountOf(path, mounts)?.fileSystem;
    expect(typeOf('/')).to.equal('overlay');
    expect(typeOf('/var/spool')).to.equal('overlay');
    expect(typeOf('/database'), 'not in /data').to.equal('overlay');
    expect(typeOf('/data')).to.equal('xfs');
    expect(mountOf('/data/data/x', mounts)?.root).to.equal('/inner');
    expect(mountOf('/data/database', mounts)?.root).to.equal('/');
    expect(typeOf('/scratch/memory/x')).to.equal('tmpfs');
    expect(typeOf('/mnt/nfs share/x')).to.equal('nfs4');
    expect(typeOf('/twice/x')).to.equal('tmpfs');
    expect(mountOf('/x', [])).to.equal(undefined);
  });

  it('of this machine says what df says', function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc and df of GNU');
    for (const path of ['/', tmpdir(), process.cwd(), '/dev/shm']) {
      const type = execFileSync('df', ['--output=fstype', path]).toString().trim().split('\n').at(-1);
      expect(mountOf(path, readMountInfo())?.fileSystem, path).to.equal(type);
    }
  });

  it('is empty where there is none', () => {
    expect(readMountInfo('/no/such/proc')).to.deep.equal([]);
  });
});

describe('whether a disk outlives the process', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'survival-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is known of memory, a layer of a container, and an emptyDir; of others nothing is said', () => {
    const mortality = (path: string) => mortalityOf(mountOf(path, mounts)!);
    expect(mortality('/var/spool')).to.equal('container layer');
    expect(mortality('/dev/shm/spool')).to.equal('memory');
    expect(mortality('/scratch/memory')).to.equal('memory');
    expect(mortality('/scratch/spool')).to.equal('pod');
    expect(mortality('/data/spool')).to.equal(undefined);
    expect(mortality('/mnt/nfs share/spool')).to.equal(undefined);
    expect(survivalNotice('/data/spool', mounts)).to.equal(undefined);
    expect(survivalNotice('/anything', [])).to.equal(undefined);
  });

  it('is said with the path, the file system, and what to mount', () => {
    const layer = survivalNotice('/no-such-folder/spool', mounts)!;
    expect(layer.level).to.equal('warn');
    expect(layer.text).to.include('/no-such-folder/spool lies on overlay (mounted at /)');
    expect(layer.text).to.match(/OTEL_FLUSH_GUARD_DIR.*docker run -v/);
    const memory = survivalNotice('/dev/shm/spool', mounts)!;
    expect(memory.level).to.equal('warn');
    expect(memory.text).to.include('/dev/shm/spool lies on tmpfs (mounted at /dev/shm)');
    expect(survivalNotice('/scratch', mounts)).to.include({ level: 'info' });
  });

  it('is asked of where links lead to', () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    const made = parseMountInfo(
      `1 0 0:1 / / rw - ext4 x rw\n2 1 0:2 / ${join(folder, 'real')} rw - tmpfs x rw\n`,
    );
    expect(survivalNotice(join(folder, 'link', 'not', 'yet', 'there'), made)?.text).to.include('tmpfs');
    writeFileSync(join(folder, 'file'), '');
    expect(survivalNotice(join(folder, 'file'), made)).to.equal(undefined);
  });
});
