import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOtlpRequest } from 'test-helpers/otlp-requests';
import { skipBecause } from 'test-helpers/skip-because';
import { parseAcks } from '../../src/spool/segment-reader.js';
import { drainReportOf, drained, leaveBehind, namesOf } from './drain-spools.js';

describe('drain to a file', () => {
  let dir: string;
  let path: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'guard-drain-file-'));
    path = join(dir, 'out.jsonl');
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  const spool = (): string => join(dir, 'spool');
  const linesIn = (text: string): string[] => text.split('\n').slice(0, -1);
  /** Names of spans and texts of logs in lines of OTLP as JSON, as somebody else reads it. */
  const labels = (lines: readonly string[], signal: 'traces' | 'logs'): string[] =>
    lines
      .filter(line => line.startsWith(signal === 'traces' ? '{"resourceSpans":' : '{"resourceLogs":'))
      .flatMap(line => readOtlpRequest(Buffer.from(line), signal, 'json').map(({ label }) => label));

  for (const written of ['protobuf', 'json', 'objects'] as const) {
    it(`writes a line of OTLP as JSON for each batch of what was written as ${written}`, async () => {
      const [spans, logs] = [namesOf(600, 'span ä"\u2028\n'), namesOf(7, 'log')];
      leaveBehind(spool(), { spans, logs }, written);
      const { code, lanes } = await drainReportOf([spool(), '--to', 'file', path]);
      expect(code).to.equal(0);
      expect(lanes.map(({ lane, to, delivered }) => [lane, to, delivered])).to.deep.equal([
        ['logs', path, 7],
        ['spans', path, 600],
      ]);
      const lines = linesIn(readFileSync(path, 'utf8'));
      expect(lines).to.have.length(3);
      expect(labels(lines, 'traces')).to.deep.equal(spans);
      expect(labels(lines, 'logs')).to.deep.equal(logs);
      const [first] = readOtlpRequest(Buffer.from(lines[1]!), 'traces', 'json');
      expect(first?.item.attributes).to.deep.equal({ 'is.test': true, size: 1.5 });
      expect(lines[1]).to.include('{"key":"service.name","value":{"stringValue":"dead"}}');
      expect(readdirSync(join(spool(), 'v1'))).to.deep.equal([]);
    });
  }

  it('goes on with a file that is there, and puts a line that somebody did not finish on one of its own', async () => {
    for (const [index, before] of ['', '{"whole":1}\n', '{"whole":1}\n{"tor'].entries()) {
      const file = `${path}-${index}`;
      if (before !== '') writeFileSync(file, before);
      leaveBehind(spool(), { spans: ['span'] });
      expect((await drained([spool(), '--to', 'file', file])).code).to.equal(0);
      const text = readFileSync(file, 'utf8');
      expect(text.startsWith(before)).to.equal(true);
      expect(labels(linesIn(text), 'traces')).to.deep.equal(['span']);
      expect(linesIn(text)).to.have.length(before === '' ? 1 : linesIn(`${before.trimEnd()}\n`).length + 1);
    }
  });

  it('makes a file that nobody else may read', async function () {
    if (process.platform === 'win32') skipBecause(this, 'no modes');
    leaveBehind(spool(), { spans: ['span'] });
    await drained([spool(), '--to', 'file', path]);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
  });

  it('has each line on the disk before its items are done with, and not one batch later', async () => {
    leaveBehind(spool(), { spans: namesOf(1_500, 'span') });
    const handle = await open(dir, 'r');
    const prototype = Object.getPrototypeOf(handle) as { sync: (this: unknown) => Promise<void> };
    await handle.close();
    const { sync } = prototype;
    const seen: [written: number, done: number][] = [];
    prototype.sync = function () {
      const written = existsSync(path) ? labels(linesIn(readFileSync(path, 'utf8')), 'traces').length : 0;
      if (written > 0) seen.push([written, doneIn(spool())]);
      return sync.call(this);
    };
    try {
      expect((await drained([spool(), '--to', 'file', path])).code).to.equal(0);
    } finally {
      prototype.sync = sync;
    }
    expect(seen).to.deep.equal([
      [512, 0],
      [1_024, 512],
      [1_500, 1_024],
    ]);
  });

  it('keeps what a full disk does not take', async function () {
    if (!existsSync('/dev/full')) skipBecause(this, 'no /dev/full');
    leaveBehind(spool(), { spans: ['span'] });
    const { code, end, lanes } = await drainReportOf([
      spool(),
      '--to',
      'file',
      '/dev/full',
      '--timeout',
      '0.1',
    ]);
    expect([code, end]).to.deep.equal([1, 'timeout']);
    expect(lanes[0]).to.deep.include({ delivered: 0, left: 1 });
    expect(lanes[0]?.why).to.include('ENOSPC');
    expect((await drained([spool(), '--to', 'file', path])).code).to.equal(0);
  });

  it('takes nothing over when the file cannot be opened', async () => {
    leaveBehind(spool(), { spans: ['span'] });
    const before = readdirSync(join(spool(), 'v1'));
    const { code, err } = await drained([spool(), '--to', 'file', dir]);
    expect(code).to.equal(2);
    expect(err).to.include(`${dir} cannot be written: EISDIR`);
    expect(readdirSync(join(spool(), 'v1'))).to.deep.equal(before);
  });

  it('writes nothing but lines to the standard output, and the rest elsewhere', async () => {
    leaveBehind(spool(), { spans: namesOf(3, 'span'), logs: ['log'] });
    const { code, out, err } = await drained([spool(), '--to', 'file', '-']);
    expect(code).to.equal(0);
    expect(linesIn(out)).to.have.length(2);
    expect(labels(linesIn(out), 'traces')).to.deep.equal(namesOf(3, 'span'));
    expect(labels(linesIn(out), 'logs')).to.deep.equal(['log']);
    expect(err).to.include('✔ 4 items delivered');
  });

  it('gives up when nobody reads the standard output any more', async () => {
    leaveBehind(spool(), { spans: namesOf(3, 'span') });
    const output = (): Promise<void> =>
      Promise.reject(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    const { code, err } = await drained([spool(), '--to', 'file', '-'], { world: { output } });
    expect(code).to.equal(1);
    expect(err).to.include('✘ given up: 0 items delivered, 3 left');
  });
});

/** How many items acks below a folder tell of. */
function doneIn(dir: string): number {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ack'))
    .reduce((sum, name) => sum + parseAcks(readFileSync(join(dir, name))).outcomes.size, 0);
}
