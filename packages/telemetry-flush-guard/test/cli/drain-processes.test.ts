import { expect } from 'chai';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { OtlpIngestServer } from 'test-helpers/otlp-ingest-server';
import { runFixture, startFixture } from 'test-helpers/run-fixture';
import type { FixtureResult, RunningFixture } from 'test-helpers/run-fixture';
import { skipBecause } from 'test-helpers/skip-because';
import type { DrainReport } from '../../src/cli/drain-report.js';
import { drainReportOf, leaveBehind, namesOf, onceEach } from './drain-spools.js';

const MAIN = join(__dirname, '..', '..', 'src', 'cli', 'main.js');
const SERVICE = join(__dirname, 'fixtures', 'drained-service.js');
const BATCH = 512;

describe('drain, as a process among others', () => {
  let dir: string;
  let server: OtlpIngestServer;
  beforeEach(async function () {
    if (process.platform === 'win32') skipBecause(this, 'needs SIGKILL');
    dir = mkdtempSync(join(tmpdir(), 'guard-drain-processes-'));
    server = await OtlpIngestServer.start();
  });
  afterEach(() => {
    server.close();
    rmSync(dir, { recursive: true });
  });

  const startDrain = (...more: string[]): RunningFixture =>
    startFixture(MAIN, { args: ['drain', dir, '--to', 'otlp', server.endpoint, ...more] });
  /** The next one: where it does not matter that it is a process. */
  const drainHere = (): ReturnType<typeof drainReportOf> =>
    drainReportOf([dir, '--to', 'otlp', server.endpoint]);
  const reportOf = ({ stdout }: FixtureResult): DrainReport => JSON.parse(stdout) as DrainReport;
  const sum = (lanes: DrainReport['lanes'], of: 'delivered' | 'left'): number =>
    lanes.reduce((total, lane) => total + lane[of], 0);
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await wait(1);
  };

  it('delivers what guards that were killed have left, and leaves alone what a living one has', async () => {
    const living = startFixture(SERVICE, { args: [dir, 'living', '40'] });
    await living.waitFor('lives');
    const killed = ['one', 'two'].map(name => runFixture(SERVICE, { args: [dir, name, '700', 'kill'] }));
    expect((await Promise.all(killed)).map(({ signal }) => signal)).to.deep.equal(['SIGKILL', 'SIGKILL']);
    const drained = await startDrain('--json').ended;
    expect([drained.code, drained.stderr]).to.deep.equal([0, '']);
    const dead = onceEach(namesOf(700, 'one'), namesOf(700, 'two'));
    expect([server.received.spans, server.received.logs]).to.deep.equal([dead, dead]);
    const report = reportOf(drained);
    expect([report.takenOver, sum(report.lanes, 'delivered')]).to.deep.equal([2, 2_800]);
    expect(report.living).to.have.length(1);
    expect(report.living[0]?.why).to.equal(`process ${living.child.pid ?? ''} runs`);
    living.child.kill('SIGKILL');
    await living.ended;
    expect(await drainHere()).to.deep.include({ takenOver: 1, living: [] });
    const all = onceEach(namesOf(700, 'one'), namesOf(700, 'two'), namesOf(40, 'living'));
    expect([server.received.spans, server.received.logs]).to.deep.equal([all, all]);
    expect(readdirSync(join(dir, 'v1'))).to.deep.equal([]);
  });

  it('is called as the README has it', async () => {
    const readme = readFileSync(join(__dirname, '..', '..', '..', 'README.md'), 'utf8');
    // One to be typed, one in a hook.
    const commands = [...readme.matchAll(/npx telemetry-flush-guard (drain .*)$/gm)].map(match =>
      match[1]!.split(' '),
    );
    expect(commands).to.have.length(2);
    for (const [index, command] of commands.entries()) {
      leaveBehind(dir, { spans: [`span ${index}`] });
      const args = command.map(
        word => ({ '/var/lib/telemetry': dir, 'http://collector:4318': server.endpoint })[word] ?? word,
      );
      const { code, stderr } = await runFixture(MAIN, { args });
      expect([code, stderr], args.join(' ')).to.deep.equal([0, '']);
    }
    expect(server.received.spans).to.deep.equal(onceEach(namesOf(2, 'span')));
  });

  it('shares with another drain and a service that starts, and everything comes once', async () => {
    const names = Array.from({ length: 40 }, (_, index) => namesOf(30, `of ${index}`));
    for (const spans of names) leaveBehind(dir, { spans });
    // Each answer takes long enough for the others to come.
    server.mood = 'slow';
    server.slowMillis = 20;
    const service = startFixture(SERVICE, { args: [dir, 'starting'], env: { ENDPOINT: server.endpoint } });
    const drains = await Promise.all([startDrain('--json').ended, startDrain('--json').ended]);
    expect(drains.map(({ code }) => code)).to.deep.equal([0, 0]);
    await service.waitFor('lives');
    service.child.kill('SIGTERM');
    await service.ended;
    expect(server.received.spans).to.deep.equal(onceEach(...names));
    expect(readdirSync(join(dir, 'v1'))).to.deep.equal([]);
  });

  it('loses nothing when it is killed, and sends one batch twice at most', async () => {
    const names = namesOf(12 * BATCH, 'span');
    leaveBehind(dir, { spans: names });
    // Killed when a batch was taken and not yet answered.
    server.mood = 'slow';
    server.slowMillis = 10;
    const first = startDrain();
    await until(() => server.requests >= 4);
    first.child.kill('SIGKILL');
    expect((await first.ended).signal).to.equal('SIGKILL');
    const before = server.received.spans.size;
    expect(before).to.be.within(3 * BATCH, 11 * BATCH);
    server.mood = 'up';
    const next = await drainHere();
    expect(next.code).to.equal(0);
    expect([...server.received.spans.keys()].sort()).to.deep.equal([...names].sort());
    const twice = [...server.received.spans.values()].filter(count => count > 1);
    expect(twice.every(count => count === 2)).to.equal(true);
    expect(twice.length).to.be.at.most(BATCH);
    expect(sum(next.lanes, 'delivered')).to.equal(names.length - before + twice.length);
  });

  it('ends with 130 at Ctrl-C, after the batch under way, and says what is left', async () => {
    leaveBehind(dir, { spans: namesOf(3 * BATCH, 'span') });
    server.mood = 'slow';
    server.slowMillis = 300;
    const drain = startDrain();
    await until(() => server.requests >= 1);
    drain.child.kill('SIGINT');
    const { code, stdout } = await drain.ended;
    expect([code, server.requests]).to.deep.equal([130, 1]);
    expect(stdout).to.include('✘ interrupted: 512 items delivered, 1,024 left for the next start or drain');
    server.mood = 'up';
    expect((await drainHere()).code).to.equal(0);
    expect(server.received.spans).to.deep.equal(onceEach(namesOf(3 * BATCH, 'span')));
  });

  it('ends with 143 at SIGTERM, however long the endpoint takes to answer, and nothing is lost', async () => {
    leaveBehind(dir, { spans: ['span'] });
    server.mood = 'never';
    const drain = startDrain('--json');
    await until(() => server.requests >= 1);
    drain.child.kill('SIGTERM');
    const ended = await drain.ended;
    expect(ended.code).to.equal(143);
    expect(reportOf(ended)).to.deep.include({ end: 'interrupted', living: [] });
    expect(sum(reportOf(ended).lanes, 'left')).to.equal(1);
    server.mood = 'up';
    expect((await drainHere()).code).to.equal(0);
    expect(server.received.spans).to.deep.equal(onceEach(['span']));
  });

  it('waits for an endpoint that does not listen yet, and is there to see why', async () => {
    leaveBehind(dir, { spans: ['span'] });
    const { endpoint } = server;
    server.close();
    const drain = startFixture(MAIN, { args: ['drain', dir, '--to', 'otlp', endpoint, '--timeout', '0.3'] });
    const { code, stdout } = await drain.ended;
    expect(code).to.equal(1);
    expect(stdout).to.include('ECONNREFUSED').and.to.include('1 left');
    server = await OtlpIngestServer.start();
    expect((await drainHere()).code).to.equal(0);
    expect(server.received.spans).to.deep.equal(onceEach(['span']));
  });

  it('stops when the reader of its standard output has gone, and keeps the rest', async () => {
    leaveBehind(dir, { spans: namesOf(6 * BATCH, 'span') });
    const drain = startFixture(MAIN, { args: ['drain', dir, '--to', 'file', '-'] });
    drain.child.stdout.once('data', () => drain.child.stdout.destroy());
    const { code, stderr } = await drain.ended;
    expect(code).to.equal(1);
    const [, delivered, left] = /given up: ([\d,]+) items delivered, ([\d,]+) left/.exec(stderr) ?? [];
    const number = (text = ''): number => Number(text.replaceAll(',', ''));
    expect(number(delivered) + number(left)).to.equal(6 * BATCH);
    const next = await drainHere();
    expect(sum(next.lanes, 'delivered')).to.equal(number(left));
  });
});
