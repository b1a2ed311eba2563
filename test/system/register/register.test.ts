import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { expect } from 'chai';
import { parseScrape } from 'test-helpers/prometheus-text';
import { skipBecause } from 'test-helpers/skip-because';
import { REGISTER, ask, registeredProcesses } from './registered-process.js';

/** The three ways to start it, for both kinds of applications. */
const WAYS: Record<string, { readonly nodeArgs?: string[]; readonly env?: Record<string, string> }> = {
  '--require': { nodeArgs: ['--require', REGISTER] },
  '--import': { nodeArgs: ['--import', REGISTER] },
  'NODE_OPTIONS with --require': { env: { NODE_OPTIONS: `--require ${REGISTER}` } },
  'NODE_OPTIONS with --import, and --require too': {
    nodeArgs: ['--require', REGISTER],
    env: { NODE_OPTIONS: `--import ${REGISTER}` },
  },
};

describe('register in an application without telemetry', function () {
  this.timeout(60_000);
  const launch = registeredProcesses(afterEach);

  for (const application of ['service.cjs', 'service.mjs']) {
    for (const [way, options] of Object.entries(WAYS)) {
      it(`by ${way} measures ${application}, serves it once, and lets it end by itself`, async () => {
        const started = launch(application, options);
        const [url] = await started.announced();
        const { samples } = parseScrape((await ask(`${url!}/metrics`)).body);
        const valueOf = (name: string): number | undefined =>
          samples.find(sample => sample.name === name)?.value;
        expect(valueOf('vitals_heap_limit')).to.be.above(valueOf('vitals_heap_used')!);
        expect(valueOf('v8js_gc_duration_count') ?? 0).to.be.at.least(0);
        if (process.platform === 'linux') {
          const status = readFileSync(`/proc/${started.pid}/status`, 'utf8');
          const peakBytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
          expect(valueOf('process_memory_usage')).to.be.within(peakBytes / 2, peakBytes);
        }
        expect(await ask(`${url!}/`)).to.have.property('status', 200);
        // Not registered: an application may come with its own at any time.
        expect(await started.ask('isRegistered')).to.equal(false);
        expect(await started.end()).to.deep.include({ code: 0, signal: null });
        expect(started.notices).to.deep.equal([`otel-node-vitals: metrics ${url!}/metrics, page ${url!}/`]);
      });
    }
  }

  it('says who it is, and tells the page apart from other web sites', async () => {
    const started = launch('service.cjs', { env: { OTEL_SERVICE_NAME: 'shop' } });
    const [url] = await started.announced();
    expect((await ask(`${url!}/metrics`)).body).to.match(/^target_info\{[^}]*service_name="shop"/m);
    const data = JSON.parse((await ask(`${url!}/vitals.json`)).body) as { pid: number; service: string };
    expect(data).to.include({ pid: started.pid, service: 'shop' });
    const rebound = await ask(`${url!}/vitals.json`, { host: 'evil.example' });
    expect(rebound.status).to.equal(403);
    expect(rebound.body).to.not.include('shop');
    expect((await ask(`${url!}/metrics`, { host: 'prometheus-target' })).status).to.equal(200);
    await started.end();
  });

  it('has fewer readings with LIGHTWEIGHT_MONITORING', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'descriptors by kind are read from /proc');
    const [full, light] = [
      launch('service.cjs'),
      launch('service.cjs', { env: { LIGHTWEIGHT_MONITORING: 'TRUE' } }),
    ];
    const scrapeOf = async (one: typeof full): Promise<string> => {
      const [url] = await one.announced();
      return (await ask(`${url!}/metrics`)).body;
    };
    const [all, few] = [await scrapeOf(full), await scrapeOf(light)];
    for (const name of ['vitals_gc_reclaimed_total', 'vitals_fd_open']) {
      expect(all).to.include(`\n${name}{`);
      expect(few).to.not.include(`\n${name}{`);
    }
    expect(few).to.include('\nprocess_memory_usage{');
    const [url] = await light.announced();
    expect(JSON.parse((await ask(`${url!}/vitals.json`)).body)).to.include({ sampleIntervalMillis: 30_000 });
    await Promise.all([full.end(), light.end()]);
  });

  it('has the names of prom-client beside ours where that is asked for', async () => {
    const started = launch('service.cjs', { env: { OTEL_NODE_VITALS_PROM_CLIENT_NAMES: 'true' } });
    const [url] = await started.announced();
    const { types } = parseScrape((await ask(`${url!}/metrics`)).body);
    expect(types.map(({ family }) => family)).to.include.members([
      'nodejs_heap_size_used_bytes',
      'nodejs_heap_space_size_available_bytes',
      'vitals_heap_used',
    ]);
    await started.end();
  });

  it('says a bad variable once, by its name, and goes on', async () => {
    const started = launch('service.cjs', { env: { LIGHTWEIGHT_MONITORING: 'maybe' } });
    const [url] = await started.announced();
    expect(await started.end()).to.have.property('code', 0);
    expect(started.notices).to.deep.equal([
      'otel-node-vitals: LIGHTWEIGHT_MONITORING must be true or false, got "maybe"; taken as false',
      `otel-node-vitals: metrics ${url!}/metrics, page ${url!}/`,
    ]);
  });
});

describe('register and scripts', function () {
  this.timeout(60_000);
  const launch = registeredProcesses(afterEach);

  for (const nodeArgs of [
    ['--require', REGISTER],
    ['--import', REGISTER],
  ]) {
    it(`by ${nodeArgs[0]!} leaves a short script its end, its exit code and its streams`, async () => {
      const started = launch('short.cjs', { nodeArgs });
      expect(await started.ended).to.deep.equal({ code: 3, signal: null, stdout: 'done\n', stderr: '' });
    });
  }

  it('does not hold a script open that outlives the wait, even with a connection to it', async () => {
    const started = launch('two-seconds.cjs');
    const [url] = await started.announced();
    // One that waits for its request, which Node.js would do for a minute.
    const connection = connect(Number(new URL(url!).port), '127.0.0.1').on('error', () => {});
    await once(connection, 'connect');
    const { code, stdout } = await started.ended;
    connection.destroy();
    expect({ code, stdout }).to.deep.equal({ code: 3, stdout: 'done\n' });
  });

  for (const [name, value] of [
    ['OTEL_SDK_DISABLED', 'true'],
    ['MONITORING_ENABLED', 'False'],
    ['OTEL_METRICS_EXPORTER', 'none'],
  ] as const) {
    it(`does nothing with ${name}=${value}`, async () => {
      const started = launch('two-seconds.cjs', { env: { [name]: value } });
      expect(await started.ended).to.deep.equal({ code: 3, signal: null, stdout: 'done\n', stderr: '' });
    });
  }

  it('is silent with OTEL_LOG_LEVEL=none', async () => {
    const started = launch('two-seconds.cjs', {
      env: { OTEL_LOG_LEVEL: 'none', LIGHTWEIGHT_MONITORING: 'maybe' },
    });
    expect(await started.ended).to.deep.equal({ code: 3, signal: null, stdout: 'done\n', stderr: '' });
  });
});
