import { expect } from 'chai';
import { FrameWriter, RecordType } from '../../src/spool/frame.js';
import { SCHEMA } from '../../src/spool/segment-reader.js';
import { MadeUpProcess, words } from '../pipeline/made-up-process.js';
import { FakeFileSystem } from '../spool/fake-file-system.js';
import { contents, inspection, pathOf, put, say } from './spool-on-paper.js';

/** A process that has delivered some, dropped some, and left some; dead but for its disk. */
async function lived(disk: FakeFileSystem['disk'], pid: number): Promise<MadeUpProcess> {
  const process = new MadeUpProcess(new FakeFileSystem(disk), pid, { limitBytes: 10_000 });
  process.accept(...words(30));
  await process.flush();
  process.exporter.mood = 'fails';
  process.accept(...words(500));
  process.lane.shutDown();
  return process;
}

describe('inspect', () => {
  it('says of a process that lives what the process itself knows', async () => {
    const { disk } = new FakeFileSystem();
    const process = await lived(disk, 7);
    const { counts } = process.lane;
    expect(counts.dropped.spool_full).to.be.greaterThan(50);
    const { processes, pending, bytes, ...rest } = inspection(disk, { living: [7] });
    expect(processes).to.have.length(1);
    const [{ lanes, ...one }] = processes as [(typeof processes)[0]];
    expect(one).to.deep.include({
      alive: true,
      why: 'process 7 runs',
      pid: 7,
      threadId: 0,
      hostname: 'host',
    });
    const { segments, ...lane } = lanes[0]!;
    expect(lane).to.deep.equal({
      lane: 'spans',
      bytes: process.disk.usedBytes,
      accepted: counts.accepted,
      delivered: counts.delivered,
      dropped: counts.dropped,
      pending: counts.pendingOnDisk,
      damaged: 0,
      newer: [],
    });
    expect([pending, bytes]).to.deep.equal([counts.pendingOnDisk, process.disk.usedBytes]);
    expect(segments.length).to.equal(process.disk.accounts.segments);
    expect(segments.reduce((sum, each) => sum + each.pending, 0)).to.equal(counts.pendingOnDisk);
    expect(rest).to.deep.include({
      schema: 'telemetry-flush-guard/inspect@1',
      dir: '/spool',
      oldest: new Date(process.disk.accounts.oldestMillis!).toISOString(),
      newer: [],
      foreign: [],
      unreadable: [],
    });
  });

  it('says of the dead why they are taken for dead, and what others have taken over from them', async () => {
    const { disk } = new FakeFileSystem();
    const first = await lived(disk, 1);
    const second = new MadeUpProcess(new FakeFileSystem(disk), 2);
    await second.adopt();
    second.accept('own');
    second.lane.shutDown();
    const alive = inspection(disk, { living: [2] }).processes;
    expect(alive).to.have.length(1);
    expect(alive[0]?.lanes[0]).to.include({ pending: 1 });
    expect(alive[0]?.adopted[0]).to.deep.include({ alive: false, why: 'process 1 has ended', pid: 1 });
    expect(alive[0]?.adopted[0]?.lanes[0]).to.include({
      pending: first.lane.counts.pendingOnDisk,
      delivered: 30,
    });
    const dead = inspection(disk);
    expect(dead.processes[0]).to.include({ alive: false, why: 'process 2 has ended' });
    expect(dead.pending).to.equal(1 + first.lane.counts.pendingOnDisk);
  });

  it('counts what is damaged apart, and looks into nothing that a later version has written', async () => {
    const { disk } = new FakeFileSystem();
    const process = await lived(disk, 1);
    const { counts } = process.lane;
    const node = disk.get(pathOf(disk, '.seg'))!;
    node.bytes[node.bytes.indexOf('word') + 2]! ^= 0xff;
    const folder = process.disk.places!.folder;
    const later = new FrameWriter().frame(RecordType.header, SCHEMA + 1, 0, 'whatever comes');
    put(disk, `${folder}/spans.00009999.seg`, later);
    put(disk, `${folder}/notes.txt`, 'mine');
    put(disk, '/spool/README', 'mine');
    disk.set('/spool/v2', { kind: 'folder', bytes: Buffer.alloc(0), mtimeMs: 0 });
    put(disk, '/spool/v1/stray', 'mine');
    const { processes, newer, foreign, unreadable } = inspection(disk);
    expect(processes[0]?.lanes[0]).to.include({ damaged: 1, pending: counts.pendingOnDisk - 1 });
    expect(newer).to.deep.equal(['/spool/v2', `${folder}/spans.00009999.seg`]);
    expect(foreign).to.have.members(['/spool/README', '/spool/v1/stray', `${folder}/notes.txt`]);
    expect(unreadable).to.deep.equal([]);
  });

  it('leaves out what its owner removes meanwhile, and says what it may not read', async () => {
    const { disk } = new FakeFileSystem();
    await lived(disk, 1);
    const opened = new FakeFileSystem(disk);
    // The first file that is opened is the owner's, the second a segment.
    let opens = 0;
    const failing = (code: string) => (_: number, name: string) => {
      if (name === 'open') opens += 1;
      return name === 'open' && opens === 2 ? { fail: code } : undefined;
    };
    opened.faultAt = failing('ENOENT');
    const gone = say(disk, ['inspect', '/spool', '--json'], { files: opened });
    expect([gone.code, (JSON.parse(gone.out) as { unreadable: unknown }).unreadable]).to.deep.equal([0, []]);
    opens = 0;
    const closed = new FakeFileSystem(disk);
    closed.faultAt = failing('EACCES');
    const refused = say(disk, ['inspect', '/spool', '--json'], { files: closed });
    expect(refused.code).to.equal(2);
    expect((JSON.parse(refused.out) as { unreadable: { path: string }[] }).unreadable[0]?.path).to.match(
      /\.seg$/,
    );
  });

  it('changes nothing, and asks for nothing that could', async () => {
    const { disk } = new FakeFileSystem();
    await lived(disk, 1);
    const before = contents(disk);
    for (const command of ['inspect', 'verify']) {
      const files = new FakeFileSystem(disk);
      const { calls } = say(disk, [command, '/spool'], { files });
      expect(new Set(calls)).to.have.keys(['open', 'fstat', 'read', 'close', 'lstat', 'readdir']);
      expect(files.openDescriptors).to.equal(0);
    }
    expect(contents(disk)).to.deep.equal(before);
  });

  it('reads well', async () => {
    const { disk } = new FakeFileSystem();
    const process = await lived(disk, 1);
    const heir = new MadeUpProcess(new FakeFileSystem(disk), 2);
    await heir.adopt();
    heir.accept('own');
    heir.lane.shutDown();
    const began = process.disk.accounts.oldestMillis!;
    const { out, code } = say(disk, ['inspect', '/spool'], { living: [2], nowMillis: began + 180_000 });
    expect(code).to.equal(0);
    const { spool_full: lost = 0 } = process.lane.counts.dropped;
    const pending = process.lane.counts.pendingOnDisk;
    const lines = out.split('\n').map(line => line.trim());
    expect(lines[0]).to.equal('/spool');
    expect(lines[1]).to.match(
      new RegExp(`^1 process · \\d+\\.\\d KiB · ${pending + 1} items pending, the oldest for (179 s|3 min)$`),
    );
    expect(lines[3]).to.match(/^● alive {2}2-0-[0-9a-f]{12} {2}process 2 runs, last heartbeat \d+ d ago$/);
    expect(lines[4]?.split(/ {2,}/)).to.deep.equal([
      'segments',
      'accepted',
      'delivered',
      'dropped',
      'pending',
      'size',
      'oldest',
    ]);
    expect(lines).to.include(`spans dropped: spool_full ${lost}`);
    expect(out).to.match(/↳ taken over {2}adopted-1-0-/);
    const [head, row] = out.split('\n').slice(4, 6);
    expect(row?.length, 'columns end at one place').to.equal(head?.length);
    expect(row).to.match(/^ {2}spans /);
  });
});
