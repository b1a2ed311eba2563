import { expect } from 'chai';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { OtlpIngestServer, REFUSING_ENDPOINT } from 'test-helpers/otlp-ingest-server';
import { realFileSystem } from '../../src/spool/file-system.js';
import type { FileSystem } from '../../src/spool/file-system.js';
import { FrameWriter, RecordType } from '../../src/spool/frame.js';
import { thisProcessView } from '../../src/spool/process-view.js';
import { SCHEMA } from '../../src/spool/segment-reader.js';
import {
  drainReportOf,
  drained,
  leaveBehind,
  namesOf,
  onceEach,
  overwrite,
  textsBelow,
} from './drain-spools.js';

describe('drain', () => {
  let dir: string;
  let server: OtlpIngestServer;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'guard-drain-'));
    server = await OtlpIngestServer.start();
  });
  afterEach(() => {
    server.close();
    rmSync(dir, { recursive: true });
  });

  const to = (): string[] => [dir, '--to', 'otlp', server.endpoint];
  /** Nothing of any process is left in the spool. */
  const expectEmpty = (): void => {
    expect(readdirSync(join(dir, 'v1'))).to.deep.equal([]);
  };

  for (const written of ['protobuf', 'json', 'objects'] as const) {
    it(`delivers what was written as ${written}, as protobuf, and leaves nothing`, async () => {
      const [spans, more, logs] = [namesOf(1_100, 'span'), namesOf(3, 'more'), namesOf(20, 'log')];
      leaveBehind(dir, { spans, 'spans-2': more, logs }, written);
      const { code, end, lanes, takenOver, seconds } = await drainReportOf(to());
      expect([code, end, takenOver]).to.deep.equal([0, 'finished', 1]);
      expect(seconds).to.be.within(0, 30);
      const done = { dropped: {}, left: 0, why: null };
      const traces = `${server.endpoint}/v1/traces`;
      expect(lanes).to.have.deep.members([
        { lane: 'spans', to: traces, found: 1_100, delivered: 1_100, ...done },
        { lane: 'spans-2', to: traces, found: 3, delivered: 3, ...done },
        { lane: 'logs', to: `${server.endpoint}/v1/logs`, found: 20, delivered: 20, ...done },
      ]);
      expect(server.received.spans).to.deep.equal(onceEach(spans, more));
      expect(server.received.logs).to.deep.equal(onceEach(logs));
      const types = new Set(server.log.map(({ headers }) => headers['content-type']));
      expect([...types]).to.deep.equal(['application/x-protobuf']);
      expectEmpty();
    });
  }

  it('delivers the oldest first, whoever has left it, lane by lane', async () => {
    const before = Date.now;
    try {
      for (const [name, at] of [
        ['young', 3e12],
        ['old', 1e12],
        ['middle', 2e12],
      ] as const) {
        Date.now = () => at;
        leaveBehind(dir, { spans: [name], logs: [name] });
      }
    } finally {
      Date.now = before;
    }
    expect((await drained(to())).code).to.equal(0);
    const paths = server.log.map(({ path }) => path);
    // No lane again once another has begun.
    expect(paths.filter((path, index) => path !== paths[index - 1])).to.deep.equal([
      '/v1/logs',
      '/v1/traces',
    ]);
    for (const path of ['/v1/traces', '/v1/logs']) {
      const items = server.log.filter(request => request.path === path).flatMap(request => request.items);
      expect(items, path).to.deep.equal(['old', 'middle', 'young']);
    }
  });

  it('says at the end what became of it, for people', async () => {
    leaveBehind(dir, { spans: namesOf(1_200, 'span'), logs: ['log'] });
    const { out, err } = await drained(to());
    expect(err).to.equal('');
    expect(out.split('\n')).to.deep.equal([
      dir,
      '1 dead process taken over · 0 s',
      '',
      '          found   delivered   dropped   left',
      '  logs        1           1         0      0',
      '  spans   1,200       1,200         0      0',
      '',
      '✔ 1,201 items delivered',
      '',
    ]);
  });

  it('has nothing to do where nothing is, and makes nothing there', async () => {
    const { code, lanes, takenOver } = await drainReportOf(to());
    expect([code, lanes, takenOver, readdirSync(dir)]).to.deep.equal([0, [], 0, []]);
    expect((await drained(to())).out).to.match(/✔ nothing to deliver\n$/);
  });

  it('leaves lanes alone that it cannot send, and says why; the next one finds them', async () => {
    leaveBehind(dir, { metrics: namesOf(4, 'metric'), baggage: ['what?'], spans: ['span'] });
    for (const found of [1, 0]) {
      const { code, lanes, takenOver } = await drainReportOf(to());
      expect([code, takenOver]).to.deep.equal([1, 1]);
      const left = { to: null, delivered: 0, dropped: {} };
      expect(lanes.filter(({ lane }) => lane !== 'spans')).to.have.deep.members([
        { lane: 'metrics', ...left, found: 4, left: 4, why: 'drain cannot send metrics yet' },
        { lane: 'baggage', ...left, found: 1, left: 1, why: 'what is in it is not known' },
      ]);
      expect(lanes.flatMap(({ lane, delivered }) => (lane === 'spans' ? delivered : []))).to.deep.equal(
        found === 0 ? [] : [1],
      );
    }
  });

  it('leaves alone what there is no endpoint for', async () => {
    leaveBehind(dir, { spans: ['span'], logs: ['log'] });
    const env = { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${server.endpoint}/v1/logs` };
    const { code, lanes } = await drainReportOf([dir], { env });
    expect(code).to.equal(1);
    expect(lanes.find(({ lane }) => lane === 'spans')).to.deep.include({
      left: 1,
      why: 'no endpoint for spans',
    });
    expect([server.received.logs, server.received.spans]).to.deep.equal([onceEach(['log']), new Map()]);
  });

  it('leaves alone what a later version has written, and says where', async () => {
    const newer = leaveBehind(dir, { spans: ['new'] });
    leaveBehind(dir, { spans: ['span'] });
    mkdirSync(join(dir, 'v2'));
    const header = new FrameWriter().frame(RecordType.header, SCHEMA + 1, 0, '');
    overwrite(join(newer, 'spans.00000001.seg'), bytes => Buffer.concat([header, bytes]));
    const before = readdirSync(newer);
    const report = await drainReportOf(to());
    expect(report.code).to.equal(1);
    expect(report.newer).to.deep.equal([join(dir, 'v2'), newer]);
    expect(report.unreadable).to.deep.equal([]);
    expect(server.received.spans).to.deep.equal(onceEach(['span']));
    expect(readdirSync(newer)).to.deep.equal(before);
  });

  it('follows no link, and names what it leaves', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'guard-elsewhere-'));
    try {
      const outside = leaveBehind(elsewhere, { spans: ['not ours'] });
      leaveBehind(dir, { spans: ['span'] });
      const link = join(dir, 'v1', '4711-0-0123456789ab');
      symlinkSync(outside, link);
      const report = await drainReportOf(to());
      expect([report.code, report.foreign]).to.deep.equal([0, [link]]);
      expect(server.received.spans).to.deep.equal(onceEach(['span']));
      expect(existsSync(join(outside, 'spans.00000001.seg'))).to.equal(true);
      const empty = mkdtempSync(join(elsewhere, 'empty-'));
      for (const [target, path] of [
        [dir, 'linked'],
        [dir, 'linked/'],
        [empty, 'linked'],
      ] as const) {
        symlinkSync(target, join(elsewhere, 'linked'));
        const { code, err } = await drained([join(elsewhere, path), ...to().slice(1)]);
        expect(code).to.equal(2);
        expect(err).to.include(join(elsewhere, 'linked')).and.to.include('is a symbolic link');
        rmSync(join(elsewhere, 'linked'));
      }
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it("refuses another user's folder, one that is a file, and one that is not there, by its name", async () => {
    leaveBehind(dir, { spans: ['span'] });
    const file = join(dir, 'file');
    writeFileSync(file, '');
    const mine = process.getuid?.() ?? 0;
    const files = {
      ...realFileSystem,
      lstatSync: (path: string) => Object.assign(realFileSystem.lstatSync(path), { uid: mine + 4_711 }),
    };
    for (const [path, message, conditions] of [
      [dir, `belongs to user ${mine + 4_711}`, { files }],
      [file, 'ENOTDIR', {}],
      [join(dir, 'none'), 'ENOENT', {}],
    ] as const) {
      const { code, out, err } = await drained([path, '--to', 'otlp', server.endpoint], conditions);
      expect([code, out]).to.deep.equal([2, '']);
      expect(err)
        .to.match(/^telemetry-flush-guard: /)
        .and.to.include(path)
        .and.to.include(message);
    }
    expect(server.requests).to.equal(0);
    expect(existsSync(join(dir, 'none'))).to.equal(false);
  });

  it('says so, and sends nothing, where it may not write', async () => {
    const left = leaveBehind(dir, { spans: ['span'] });
    const files = {
      ...realFileSystem,
      mkdirSync(path: string) {
        throw Object.assign(new Error(`EACCES: permission denied, mkdir '${path}'`), { code: 'EACCES' });
      },
    };
    const { code, out, err } = await drained(to(), { files });
    expect([code, out, server.requests]).to.deep.equal([2, '', 0]);
    expect(err).to.include(`${dir} cannot be used: EACCES`).and.to.include(join(dir, 'v1'));
    expect(readdirSync(join(dir, 'v1'))).to.deep.equal([basename(left)]);
  });

  describe('on a disk that is full', () => {
    /** Takes so many bytes and no more, but for what is freed. */
    function fullDisk(freeBytes: number): FileSystem {
      let free = freeBytes;
      return {
        ...realFileSystem,
        writeSync(fd, bytes, offset, length) {
          if (length > free) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
          free -= length;
          return realFileSystem.writeSync(fd, bytes, offset, length);
        },
        unlinkSync(path) {
          const { size } = realFileSystem.lstatSync(path);
          realFileSystem.unlinkSync(path);
          free += size;
        },
      };
    }

    it('delivers all the same, without reserves and acks', async () => {
      leaveBehind(dir, { spans: namesOf(1_100, 'span') });
      // Room for the name of its owner, and for nothing else.
      const { code, lanes } = await drainReportOf(to(), { files: fullDisk(300) });
      expect(code).to.equal(0);
      expect(lanes[0]).to.deep.include({ delivered: 1_100, left: 0 });
      expectEmpty();
    });

    it('makes room by what the dead had kept back for their end', async () => {
      const dead = leaveBehind(dir, { spans: ['span'] });
      const nowhere = await drained(to(), { files: fullDisk(0) });
      expect([nowhere.code, nowhere.out]).to.deep.equal([2, '']);
      expect(nowhere.err).to.include(`${dir} cannot be used: ENOSPC`);
      expect(readdirSync(join(dir, 'v1'))).to.deep.equal([basename(dead)]);
      const living = leaveBehind(dir, { spans: ['of a living one'] });
      writeFileSync(join(living, 'owner'), JSON.stringify(thisProcessView().self));
      writeFileSync(join(living, 'reserve'), Buffer.alloc(4_096));
      expect((await drained(to(), { files: fullDisk(0) })).code).to.equal(2);
      expect(existsSync(join(living, 'reserve'))).to.equal(true);
      writeFileSync(join(dead, 'reserve'), Buffer.alloc(4_096));
      expect((await drained(to(), { files: fullDisk(0) })).code).to.equal(0);
      expect(server.received.spans).to.deep.equal(onceEach(['span']));
      expect(readdirSync(join(dir, 'v1'))).to.deep.equal([basename(living)]);
    });
  });

  it('goes on without what it may not read, and says what that is', async () => {
    const closed = leaveBehind(dir, { spans: ['closed'] });
    leaveBehind(dir, { spans: ['span'] });
    const files = {
      ...realFileSystem,
      openSync(path: string, flags: string, mode?: number) {
        if (!path.endsWith(`${basename(closed)}/spans.00000001.seg`))
          return realFileSystem.openSync(path, flags, mode);
        throw Object.assign(new Error(`EACCES: permission denied, open '${path}'`), { code: 'EACCES' });
      },
    };
    const { code, unreadable } = await drainReportOf(to(), { files });
    expect(code).to.equal(1);
    expect(unreadable).to.have.length(1);
    expect(unreadable[0]?.path).to.equal(join(closed, 'spans.00000001.seg'));
    expect(unreadable[0]?.error).to.include('EACCES');
    expect(server.received.spans).to.deep.equal(onceEach(['span']));
    // Once it may be read, it is delivered.
    expect((await drained(to())).code).to.equal(0);
    expect(server.received.spans).to.deep.equal(onceEach(['span'], ['closed']));
    expectEmpty();
  });

  describe('and an endpoint in trouble', () => {
    it('waits until it is up, and delivers everything once', async () => {
      leaveBehind(dir, { spans: namesOf(600, 'span'), logs: ['log'] });
      server.mood = 'error';
      const running = drainReportOf(to());
      while (server.requests < 4) await new Promise(resolve => setTimeout(resolve, 2));
      server.mood = 'up';
      const { code, lanes } = await running;
      expect(code).to.equal(0);
      expect(lanes.map(({ delivered }) => delivered).sort()).to.deep.equal([1, 600]);
      expect(server.received.spans).to.deep.equal(onceEach(namesOf(600, 'span')));
    });

    it('does not let a lane that is never taken have the turn of another', async () => {
      leaveBehind(dir, { logs: ['log'], spans: ['span'] });
      const env = {
        OTEL_EXPORTER_OTLP_ENDPOINT: server.endpoint,
        OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${server.endpoint}/elsewhere`,
      };
      server.mood = 'error';
      const first = await drainReportOf([dir, '--timeout', '0.3'], { env });
      expect(first.lanes.map(({ lane, why }) => [lane, why])).to.deep.equal([
        ['logs', 'HTTP 404: no such path'],
        ['spans', 'HTTP 500: a bug'],
      ]);
      server.mood = 'up';
      const next = await drainReportOf([dir, '--timeout', '0.3'], { env });
      expect(next.lanes.map(({ lane, delivered }) => [lane, delivered])).to.deep.equal([
        ['logs', 0],
        ['spans', 1],
      ]);
    });

    for (const mood of ['error', 'refusing'] as const) {
      it(`leaves it alone between attempts (${mood})`, async () => {
        leaveBehind(dir, mood === 'error' ? { logs: ['bad'], spans: ['bad'] } : { spans: ['bad'] });
        server.mood = mood;
        server.refused.add('bad');
        const world = { waits: { retryFirstMillis: 60_000, retryLongestMillis: 60_000 } };
        const { code, end } = await drainReportOf([...to(), '--timeout', '0.2'], { world });
        expect([code, end, server.requests]).to.deep.equal([1, 'timeout', 1]);
      });
    }

    it('says nothing of what could not be taken over at first, and then could', async () => {
      leaveBehind(dir, { spans: ['one'] });
      const other = leaveBehind(dir, { spans: ['other'] });
      let isInWay = true;
      const files: FileSystem = {
        ...realFileSystem,
        renameSync(from, target) {
          if (isInWay && from === other) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
          realFileSystem.renameSync(from, target);
        },
      };
      server.mood = 'error';
      const running = drainReportOf(to(), { files });
      while (server.requests < 1) await new Promise(resolve => setTimeout(resolve, 2));
      [isInWay, server.mood] = [false, 'up'];
      expect(await running).to.deep.include({ code: 0, takenOver: 2, unreadable: [] });
      expect(server.received.spans).to.deep.equal(onceEach(['one'], ['other']));
    });

    it('takes over what dies meanwhile, and drops nothing for its age', async () => {
      const before = Date.now;
      try {
        Date.now = () => 1e12;
        leaveBehind(dir, { spans: ['old'] });
      } finally {
        Date.now = before;
      }
      server.mood = 'error';
      const running = drainReportOf(to());
      while (server.requests < 1) await new Promise(resolve => setTimeout(resolve, 2));
      leaveBehind(dir, { spans: ['new'] });
      const { requests } = server;
      while (server.requests < requests + 2) await new Promise(resolve => setTimeout(resolve, 2));
      server.mood = 'up';
      expect(await running).to.deep.include({ code: 0, takenOver: 2 });
      expect(server.received.spans).to.deep.equal(onceEach(['old'], ['new']));
    });

    it('does not let a lane wait for the endpoint of another', async () => {
      leaveBehind(dir, { logs: ['log'], spans: ['span'] });
      const env = {
        OTEL_EXPORTER_OTLP_ENDPOINT: server.endpoint,
        OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${REFUSING_ENDPOINT}/v1/logs`,
      };
      const { code, end, lanes } = await drainReportOf([dir, '--timeout', '0.3'], { env });
      expect([code, end]).to.deep.equal([1, 'timeout']);
      expect(server.received.spans).to.deep.equal(onceEach(['span']));
      expect(lanes.find(({ lane }) => lane === 'logs')).to.deep.include({ found: 1, left: 1 });
      expect(lanes.find(({ lane }) => lane === 'logs')?.why).to.include('ECONNREFUSED');
    });

    it('counts what is rejected, gives its reason, and ends with 1', async () => {
      leaveBehind(dir, { spans: namesOf(10, 'span') });
      server.mood = 'partial';
      server.rejects = 3;
      const { code, out } = await drained(to());
      expect(code).to.equal(1);
      expect(out).to.include('spans      10           7         3      0');
      expect(out).to.include('spans dropped: rejected 3').and.to.include('spans: not these');
      expect(out).to.include('✘ 7 items delivered, 3 dropped');
      expect([server.received.spans.size, server.rejected.spans.size]).to.deep.equal([7, 3]);
      server.mood = 'up';
      // Nothing is sent twice; what was dropped is told once.
      expect(await drainReportOf(to())).to.deep.include({ code: 0, takenOver: 1, lanes: [] });
      expectEmpty();
    });

    it('halves what is too large or refused, and drops no more than what is to blame', async () => {
      leaveBehind(dir, { spans: namesOf(40, 'span') });
      server.mood = 'refusing';
      server.refused.add('span 17');
      const { code, lanes } = await drainReportOf(to());
      expect(code).to.equal(1);
      expect(lanes[0]).to.deep.include({ delivered: 39, dropped: { rejected: 1 }, left: 0 });
      expect(lanes[0]?.why).to.include('HTTP 400: something in it is wrong');
      expect(server.received.spans).to.deep.equal(
        onceEach(namesOf(40, 'span').filter(name => name !== 'span 17')),
      );
    });

    it('waits as long as it is asked to', async () => {
      leaveBehind(dir, { spans: ['span'] });
      server.mood = 'unavailable';
      server.retryAfter = '1';
      const running = drainReportOf(to());
      while (server.requests < 1) await new Promise(resolve => setTimeout(resolve, 2));
      server.mood = 'up';
      expect((await running).code).to.equal(0);
      expect(server.requests).to.equal(2);
      expect(server.log[1]!.atMillis - server.log[0]!.atMillis).to.be.at.least(990);
    });

    it('gives up at once if it is asked to wait for longer than there is time', async () => {
      leaveBehind(dir, { spans: ['span'], logs: ['log'] });
      server.mood = 'unavailable';
      server.retryAfter = '100000';
      const { code, end, lanes } = await drainReportOf([...to(), '--timeout', '5000']);
      expect([code, end, server.requests]).to.deep.equal([1, 'timeout', 1]);
      expect(lanes.map(({ left }) => left)).to.deep.equal([1, 1]);
    });

    it('gives up after its time, and what is left is for the next one', async () => {
      leaveBehind(dir, { spans: namesOf(1_500, 'span'), logs: namesOf(30, 'log') });
      server.mood = 'error';
      const { code, out } = await drained([...to(), '--timeout', '0.2']);
      expect(code).to.equal(1);
      expect(out).to.include('✘ its time is over: 0 items delivered, 1,530 left for the next start or drain');
      expect(out).to.include('spans: HTTP 500: a bug');
      server.mood = 'up';
      const next = await drainReportOf(to());
      expect([next.code, next.takenOver]).to.deep.equal([0, 1]);
      expect(server.received.spans).to.deep.equal(onceEach(namesOf(1_500, 'span')));
      expect(server.received.logs).to.deep.equal(onceEach(namesOf(30, 'log')));
      expectEmpty();
    });

    it('cuts off an endpoint that never answers, when its time is over', async () => {
      leaveBehind(dir, { spans: ['span'] });
      server.mood = 'never';
      const { end, lanes } = await drainReportOf([...to(), '--timeout', '0.2']);
      expect(end).to.equal('timeout');
      expect(lanes[0]?.left).to.equal(1);
      // And not that there was no answer, for which it would have waited for ten seconds.
      expect(lanes[0]?.why).to.match(/socket hang up|ECONNRESET/);
    });
  });

  describe('and credentials', () => {
    it('sends those of the environment and of --header, and shows none, whatever the endpoint says', async () => {
      leaveBehind(dir, { spans: ['span'], logs: ['log'] });
      const endpoint = server.endpoint.replace('//', '//user-name:pass%20word@');
      const env = {
        OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=secret-of-all',
        OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-trace-key=secret-of-traces',
      };
      const headers = ['--header', 'X-Given: secret-given', '--header', 'x-other:Basic secret-other'];
      const texts: string[] = [];
      for (const [mood, more] of [
        ['unauthorized', ['--timeout', '0.2']],
        ['unauthorized', ['--timeout', '0.2', '--json']],
        ['up', ['--json']],
      ] as const) {
        server.mood = mood;
        const { out, err } = await drained([dir, '--to', 'otlp', endpoint, ...headers, ...more], { env });
        texts.push(out, err, ...textsBelow(dir));
      }
      const traces = server.log.find(({ path }) => path === '/v1/traces')!;
      expect(traces.headers).to.include({
        'x-api-key': 'secret-of-all',
        'x-trace-key': 'secret-of-traces',
        'x-given': 'secret-given',
        'x-other': 'Basic secret-other',
        authorization: `Basic ${Buffer.from('user-name:pass word').toString('base64')}`,
      });
      const logs = server.log.find(({ path }) => path === '/v1/logs')!;
      expect(logs.headers)
        .to.include({ 'x-api-key': 'secret-of-all' })
        .and.to.not.have.property('x-trace-key');
      expect(texts.join('\n'))
        .to.include(server.endpoint)
        .and.to.not.match(/secret-|user-name|pass.*word/);
    });

    it('hides them in what an endpoint answers', async () => {
      leaveBehind(dir, { spans: ['span'] });
      server.mood = 'refusing';
      server.refused.add('span');
      // The endpoint says "something in it is wrong".
      const { out } = await drained([...to(), '--header', 'x: Bearer something', '--timeout', '0.2']);
      expect(out).to.include('HTTP 400: … in it is wrong');
    });
  });
});
