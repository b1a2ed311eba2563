import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFixture } from 'test-helpers/run-fixture';
import { USAGE } from '../../src/cli/command-line.js';
import type { Inspection } from '../../src/cli/inspect.js';
import { readingOnly } from '../../src/cli/reading-file-system.js';
import type { Verification } from '../../src/cli/verify.js';
import { exporterDeliverer } from '../../src/delivery/exporter-deliverer.js';
import { itemForm } from '../../src/items/item-form.js';
import { Origins } from '../../src/items/origins.js';
import { GuardDisk } from '../../src/pipeline/guard-disk.js';
import { Lane } from '../../src/pipeline/lane.js';
import { realFileSystem } from '../../src/spool/file-system.js';
import { thisProcessView } from '../../src/spool/process-view.js';
import { VERSION } from '../../src/version.js';
import { FakeExporter, wordCodec } from '../pipeline/made-up-process.js';
import { FakeFileSystem } from '../spool/fake-file-system.js';
import { say } from './spool-on-paper.js';

const MAIN = join(__dirname, '..', '..', 'src', 'cli', 'main.js');

describe('the command line', () => {
  const { disk } = new FakeFileSystem();

  it('helps, and says its version', () => {
    expect(say(disk, ['--help'])).to.include({ code: 0, out: USAGE, err: '' });
    expect(say(disk, ['--version'])).to.include({ code: 0, out: `${VERSION}\n` });
  });

  it('ends with 2 and says how it is to be used when it is not', () => {
    const wrong: [string[], string][] = [
      [[], 'a command is missing'],
      [['mend', '/spool'], 'there is no command "mend"'],
      [['inspect'], 'DIR is missing'],
      [['verify', ''], 'DIR is missing'],
      [['verify', '/a', '/b'], 'one DIR, not also /b'],
      [['inspect', '/spool', '--jason'], "Unknown option '--jason'"],
    ];
    for (const [args, problem] of wrong) {
      const { code, out, err } = say(disk, args);
      expect([code, out], args.join(' ')).to.deep.equal([2, '']);
      expect(err)
        .to.match(/^telemetry-flush-guard: /)
        .and.to.include(problem)
        .and.to.include(USAGE);
    }
  });

  it('ends with 2 when the folder is not there', () => {
    for (const command of ['inspect', 'verify']) {
      const { code, out, err } = say(disk, [command, '/nowhere']);
      expect([code, out]).to.deep.equal([2, '']);
      expect(err).to.match(/^telemetry-flush-guard: \/nowhere cannot be read: ENOENT/);
    }
  });

  it('finds nothing amiss with a folder in which nothing is', () => {
    const empty: typeof disk = new Map([
      ...disk,
      ['/empty', { kind: 'folder', bytes: Buffer.alloc(0), mtimeMs: 0 }],
    ]);
    expect(say(empty, ['inspect', '/empty'])).to.include({
      code: 0,
      out: '/empty\n0 processes · 0 B · 0 items pending\n',
    });
    expect(say(empty, ['verify', '/empty']).code).to.equal(0);
  });

  it('cannot change a file system, whatever it is asked for', () => {
    const files = readingOnly(new FakeFileSystem());
    const bytes = new Uint8Array(1);
    for (const [name, call] of Object.entries({
      open: () => files.openSync('/x', 'a'),
      create: () => files.openSync('/x', 'ax'),
      write: () => files.writeSync(1, bytes, 0, 1),
      truncate: () => {
        files.ftruncateSync(1, 0);
      },
      touch: () => {
        files.futimesSync(1, 0, 0);
      },
      mkdir: () => {
        files.mkdirSync('/x', { mode: 0, recursive: true });
      },
      rename: () => {
        files.renameSync('/', '/x');
      },
      unlink: () => {
        files.unlinkSync('/');
      },
      rmdir: () => {
        files.rmdirSync('/');
      },
    })) {
      expect(call, name).to.throw().with.property('code', 'EROFS');
    }
  });
});

describe('the program', () => {
  let dir: string;
  let guardDisk: GuardDisk;
  let lane: Lane<{ text: string }>;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'guard-cli-'));
    guardDisk = new GuardDisk({
      files: realFileSystem,
      dir,
      limitBytes: 1e8,
      view: thisProcessView(),
      uid: process.getuid?.(),
      onTrouble: trouble => {
        throw new Error(trouble?.message);
      },
    });
    const exporter = new FakeExporter();
    lane = guardDisk.addLane(
      'spans',
      disk =>
        new Lane('spans', itemForm(wordCodec), exporterDeliverer(exporter), disk, new Origins(), {
          memoryItems: 1_000,
          memoryBytes: 1e9,
          batchItems: 10,
          exportTimeoutMillis: 1_000,
          delayMillis: 1e6,
          writesAhead: true,
          onDrop: () => {},
          random: () => 0.5,
        }),
    );
    for (let index = 0; index < 10; index += 1) lane.accept({ text: `"sent ${index}"` });
    await lane.flush(performance.now() + 5_000);
    exporter.mood = 'fails';
    for (let index = 0; index < 5; index += 1) lane.accept({ text: `"left ${index}"` });
  });
  afterEach(() => {
    lane.shutDown();
    guardDisk.close();
    rmSync(dir, { recursive: true });
  });

  /** Every file with its contents and times. */
  function snapshot(): string[] {
    return (readdirSync(dir, { recursive: true }) as string[]).sort().map(name => {
      const path = join(dir, name);
      const facts = lstatSync(path);
      const hash = facts.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
      return `${name} ${facts.mode} ${facts.mtimeMs} ${facts.ctimeMs} ${facts.ino} ${hash}`;
    });
  }

  it('reads the spool of a process that lives, and leaves every file as it is', async () => {
    const before = snapshot();
    const inspected = await runFixture(MAIN, { args: ['inspect', dir, '--json'] });
    expect([inspected.code, inspected.stderr]).to.deep.equal([0, '']);
    const { processes, pending } = JSON.parse(inspected.stdout) as Inspection;
    expect(pending).to.equal(5);
    expect(processes).to.have.length(1);
    expect(processes[0]).to.deep.include({ alive: true, pid: process.pid });
    expect(processes[0]?.lanes[0]).to.deep.include({ accepted: 15, delivered: 10, dropped: {}, pending: 5 });
    const verified = await runFixture(MAIN, { args: ['verify', dir] });
    expect([verified.code, verified.stderr]).to.deep.equal([0, '']);
    expect(verified.stdout)
      .to.match(/15 items among them/)
      .and.to.not.include('\u001b');
    expect(snapshot()).to.deep.equal(before);
    // And it goes on.
    lane.accept({ text: '"after"' });
    expect(lane.counts.pendingOnDisk).to.equal(6);
  });

  it('ends with 1 when there is damage, and with 2 when there is nothing to read', async () => {
    const name = (readdirSync(dir, { recursive: true }) as string[]).find(each => each.endsWith('.seg'))!;
    const bytes = readFileSync(join(dir, name));
    const fd = realFileSystem.openSync(join(dir, name), 'r+');
    bytes[bytes.length - 1]! ^= 0xff;
    realFileSystem.ftruncateSync(fd, 0);
    realFileSystem.writeSync(fd, bytes, 0, bytes.length);
    realFileSystem.closeSync(fd);
    const damaged = await runFixture(MAIN, { args: ['verify', dir, '--json'] });
    expect(damaged.code).to.equal(1);
    const { damage } = JSON.parse(damaged.stdout) as Verification;
    expect(damage).to.have.length(1);
    expect(damage[0]).to.deep.include({ path: join(dir, name), items: [14], pendingItems: 1 });
    expect((await runFixture(MAIN, { args: ['verify', join(dir, 'none')] })).code).to.equal(2);
  });
});
