import { expect } from 'chai';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OtlpIngestServer } from 'test-helpers/otlp-ingest-server';
import { USAGE } from '../../src/cli/command-line.js';
import { drainRequest, takeTo } from '../../src/cli/drain-request.js';
import { drained, leaveBehind, onceEach } from './drain-spools.js';

describe('the arguments of drain', () => {
  let dir: string;
  let server: OtlpIngestServer;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'guard-drain-args-'));
    server = await OtlpIngestServer.start();
    leaveBehind(dir, { spans: ['span'] });
  });
  afterEach(() => {
    server.close();
    rmSync(dir, { recursive: true });
  });

  it('are refused with 2, what is wrong and how it goes, before anything is touched', async () => {
    const before = readdirSync(join(dir, 'v1'));
    const otlp = ['--to', 'otlp', 'http://localhost:4318'];
    const wrong: [string[], string][] = [
      [[], 'DIR is missing'],
      [[''], 'DIR is missing'],
      [otlp, 'DIR is missing'],
      [[dir, 'secret-1', ...otlp], 'one DIR, and 1 more that drain does not know'],
      [[dir, '--to'], '--to must be followed by'],
      [[dir, '--to', 'otlp'], '--to must be followed by'],
      [[dir, '--to', 'otlp', '--json'], '--to must be followed by'],
      [[dir, '--to', 'grpc', 'http://localhost:4317'], '--to must be followed by'],
      [[dir, '--to', 'file', ''], '--to must be followed by'],
      [[dir, '--to', 'otlp', 'secret-2'], 'the URL of --to otlp must be one of http or https'],
      [[dir, '--to', 'otlp', 'ftp://me:secret-3@host'], 'the URL of --to otlp must be one of http or https'],
      [[dir, '--to', 'otlp', 'http://host/v1/traces'], 'is that of all signals: leave /v1/traces out'],
      [[dir, '--to', 'otlp', 'http://host/x/v1/logs/'], 'is that of all signals: leave /v1/logs out'],
      [[dir, ...otlp, '--header', 'secret-4'], "header 1 is no 'name: value'"],
      [[dir, ...otlp, '--header', 'a: b', '--header', 'b c: secret-5'], "header 2 is no 'name: value'"],
      [[dir, ...otlp, '--header', 'a: secret-6\r\nb: c'], "header 1 is no 'name: value'"],
      [[dir, ...otlp, '--header'], "'--header <value>' argument missing"],
      [[dir, '--to', 'file', '/tmp/x', '--header', 'a: secret-7'], '--header is for --to otlp'],
      [[dir, '--to', 'file', '-', '--json'], '--json and --to file - both want the standard output'],
      ...['-1', 'soon', '', '1e3', '2073601', 'Infinity'].map((text): [string[], string] => [
        [dir, ...otlp, `--timeout=${text}`],
        '--timeout must be a number of seconds, up to 2073600; 0: for ever',
      ]),
      [[dir, ...otlp, '--tiemout', '1'], "Unknown option '--tiemout'"],
    ];
    for (const [args, problem] of wrong) {
      const { code, out, err } = await drained(args);
      expect([code, out], args.join(' ')).to.deep.equal([2, '']);
      expect(err, args.join(' '))
        .to.match(/^telemetry-flush-guard: /)
        .and.to.include(problem)
        .and.to.include(USAGE)
        .and.to.not.include('secret');
    }
    expect(readdirSync(join(dir, 'v1'))).to.deep.equal(before);
  });

  it('are none of inspect and verify', async () => {
    for (const args of [
      ['--to', 'file', '/tmp/x'],
      ['--header', 'a: b'],
      ['--timeout', '1'],
    ]) {
      for (const command of ['inspect', 'verify']) {
        const { code, err } = await drained([...args], { command: [command, dir] });
        expect(code).to.equal(2);
        expect(err).to.include('--to, --header and --timeout are for drain');
      }
    }
  });

  it('may come in any order, with `=` or without', () => {
    for (const args of [
      ['--to', 'file', 'x', 'drain', 'DIR'],
      ['drain', '--to', 'file', 'x', 'DIR'],
      ['drain', 'DIR', '--to', 'file', 'x'],
      ['drain', 'DIR', '--to=file', 'x'],
    ]) {
      expect(takeTo(args), args.join(' ')).to.deep.equal({ to: ['file', 'x'], rest: ['drain', 'DIR'] });
    }
    expect(takeTo(['drain', 'DIR', '--to', 'file', '-', '--json'])).to.deep.equal({
      to: ['file', '-'],
      rest: ['drain', 'DIR', '--json'],
    });
  });

  it('are taken as they are meant', () => {
    expect(drainRequest('DIR', { isJson: true })).to.deep.equal({
      dir: 'DIR',
      to: { kind: 'otlp', url: undefined },
      headers: {},
      timeoutMillis: 300_000,
      isJson: true,
    });
    const given = { to: ['otlp', 'https://host/x/'], header: ['A:b', 'a: c d: e '], isJson: false };
    expect(drainRequest('DIR', { ...given, timeout: '0' })).to.deep.include({
      to: { kind: 'otlp', url: 'https://host/x/' },
      headers: { a: 'c d: e' },
      timeoutMillis: Infinity,
    });
    expect(drainRequest('DIR', { ...given, timeout: '1.5' })).to.deep.include({ timeoutMillis: 1_500 });
  });

  it('may leave the endpoint to the environment, and must not if that has none', async () => {
    const { code, err } = await drained([dir]);
    expect(code).to.equal(2);
    expect(err).to.equal(
      'telemetry-flush-guard: where to? Give --to otlp URL, --to file PATH, or set OTEL_EXPORTER_OTLP_ENDPOINT\n',
    );
    const wrong = await drained([dir], { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'secret' } });
    expect(wrong.code).to.equal(2);
    expect(wrong.err).to.include('OTEL_EXPORTER_OTLP_ENDPOINT is no URL').and.to.not.include('secret');
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: server.endpoint };
    for (const name of ['OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_EXPORTER_OTLP_LOGS_PROTOCOL']) {
      const grpc = await drained([dir], { env: { ...env, [name]: 'grpc' } });
      expect([grpc.code, grpc.out]).to.deep.equal([2, '']);
      expect(grpc.err).to.include(`${name} is grpc, which drain does not speak`);
    }
    expect(server.requests).to.equal(0);
    expect((await drained([dir], { env })).code).to.equal(0);
    expect(server.received.spans).to.deep.equal(onceEach(['span']));
  });

  it('count more than the environment, whose other settings stay', async () => {
    const env = {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:1/v1/traces',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_TIMEOUT: 'long',
    };
    const { code, err } = await drained([dir, '--to', 'otlp', server.endpoint], { env });
    expect(code).to.equal(0);
    expect(err).to.equal(
      'telemetry-flush-guard: OTEL_EXPORTER_OTLP_TIMEOUT is no number of milliseconds above 0, and is ignored\n',
    );
    expect(server.log.map(({ headers }) => headers['content-encoding'])).to.deep.equal(['gzip']);
    expect(server.received.spans).to.deep.equal(onceEach(['span']));
  });
});
