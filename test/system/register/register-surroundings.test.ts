import { cpSync, copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { repositoryRoot } from 'test-helpers/repository';
import { SDK_LINES, whyNotHere } from 'test-helpers/sdk-line';
import { skipBecause } from 'test-helpers/skip-because';
import { APPLICATIONS, REGISTER, ask, freePort, registeredProcesses } from './registered-process.js';

async function onPort(port: number, server: Server = createServer()): Promise<Server> {
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  return server;
}

const portOf = (url: string): number => Number(new URL(url).port);
const pidAt = async (url: string): Promise<number> =>
  (JSON.parse((await ask(`${url}/vitals.json`)).body) as { pid: number }).pid;

describe('register and ports', function () {
  this.timeout(60_000);
  const launch = registeredProcesses(afterEach);
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  it('takes the next free port after a busy one', async () => {
    const busy = await freePort();
    servers.push(await onPort(busy));
    const started = launch('service.cjs', { env: { OTEL_EXPORTER_PROMETHEUS_PORT: String(busy) } });
    const [url] = await started.announced();
    expect(portOf(url!)).to.be.within(busy + 1, busy + 20);
    expect(await started.end()).to.have.property('code', 0);
    expect(started.notices[0]).to.equal(
      `otel-node-vitals: port ${busy} is busy, ${portOf(url!)} is used instead`,
    );
  });

  it('takes none with OTEL_NODE_VITALS_PORT_BUSY=none, and the application runs on', async () => {
    const busy = await freePort();
    servers.push(await onPort(busy));
    const started = launch('service.cjs', {
      env: { OTEL_EXPORTER_PROMETHEUS_PORT: String(busy), OTEL_NODE_VITALS_PORT_BUSY: 'none' },
    });
    await started.said(/there is no scrape/);
    expect(await started.ask('isRegistered')).to.equal(false);
    expect(await started.end()).to.have.property('code', 0);
    expect(started.notices).to.deep.equal([
      `otel-node-vitals: port ${busy} is busy; there is no scrape and no page of this process (pid ${started.pid})`,
    ]);
  });

  for (const [application, processes] of [
    ['children.cjs', 4],
    ['cluster.cjs', 3],
  ] as const) {
    for (const flag of ['--require', '--import']) {
      it(`gives each process of ${application} a port of its own, with ${flag} in NODE_OPTIONS`, async () => {
        const started = launch(application, {
          env: {
            NODE_OPTIONS: `${flag} ${REGISTER}`,
            OTEL_EXPORTER_PROMETHEUS_PORT: String(await freePort()),
          },
        });
        const urls = await started.announced(processes);
        const pids = await Promise.all(urls.map(pidAt));
        expect(new Set(urls).size).to.equal(processes);
        expect(new Set(pids).size).to.equal(processes);
        expect(pids).to.include(started.pid);
        expect((await started.end()).code).to.equal(0);
        expect(
          started.notices.filter(line => !/is busy, \d+ is used instead$|: metrics http/.test(line)),
        ).to.deep.equal([]);
      });
    }
  }
});

describe('register and what is installed', function () {
  this.timeout(60_000);
  const launch = registeredProcesses(afterEach);
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'registered-')));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** An application outside of this repository. */
  function copyApplication(name: string, as: string = name): string {
    const path = join(folder, as);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(join(APPLICATIONS, name), path);
    copyFileSync(join(APPLICATIONS, 'answers.cjs'), join(dirname(path), 'answers.cjs'));
    return path;
  }

  it('says what to install where there is no SDK, shows the page all the same, and the application runs', async () => {
    const installed = join(folder, 'node_modules');
    for (const name of [
      'otel-node-vitals',
      'otel-runtime-kit',
      'otel-memory-metrics',
      'otel-gc-instrumentation',
      'otel-fd-watch',
    ]) {
      cpSync(join(repositoryRoot, 'packages', name, 'dist', 'src'), join(installed, name, 'dist', 'src'), {
        recursive: true,
      });
      copyFileSync(
        join(repositoryRoot, 'packages', name, 'package.json'),
        join(installed, name, 'package.json'),
      );
    }
    cpSync(join(repositoryRoot, 'node_modules/@opentelemetry/api'), join(installed, '@opentelemetry/api'), {
      recursive: true,
    });
    // A second copy, as of another version somewhere else, keeps out of it.
    const second = join(repositoryRoot, 'packages', REGISTER.replace('/', '/dist/src/'));
    const started = launch(copyApplication('service.cjs'), {
      cwd: folder,
      nodeArgs: ['--require', REGISTER, '--require', second],
    });
    const [, url] = await started.said(/^otel-node-vitals: page (http:\S+)\/$/m);
    expect(await ask(`${url!}/metrics`)).to.deep.include({
      status: 503,
      body: 'no exporter: npm install @opentelemetry/exporter-prometheus\n',
    });
    expect(await pidAt(url!)).to.equal(started.pid);
    // A second copy that did not keep out would say so about now.
    await new Promise(resolve => setTimeout(resolve, 1_000));
    expect(await started.end()).to.have.property('code', 0);
    expect(started.notices).to.deep.equal([
      'otel-node-vitals: no metrics are exported by @opentelemetry/exporter-prometheus, which is not installed: npm install @opentelemetry/exporter-prometheus',
      `otel-node-vitals: page ${url!}/`,
    ]);
  });

  it('uses the SDK 3.x of the application', async function () {
    const reason = whyNotHere(3);
    if (reason !== undefined) skipBecause(this, reason);
    symlinkSync(
      join(repositoryRoot, 'test', SDK_LINES[3].workspace, 'node_modules'),
      join(folder, 'node_modules'),
    );
    const started = launch(copyApplication('service.mjs'), {
      nodeArgs: ['--import', REGISTER],
    });
    const [url] = await started.announced();
    const { body } = await ask(`${url!}/metrics`);
    expect(body).to.match(/^target_info\{[^}]*telemetry_sdk_version="3\./m);
    expect(body).to.match(/^process_memory_usage\{/m);
    expect(await started.end()).to.have.property('code', 0);
  });

  it('leaves a NodeSDK 3.x that is imported as an ES module the time to register, and the port', async function () {
    const reason = whyNotHere(3);
    if (reason !== undefined) skipBecause(this, reason);
    symlinkSync(
      join(repositoryRoot, 'test', SDK_LINES[3].workspace, 'node_modules'),
      join(folder, 'node_modules'),
    );
    const started = launch(copyApplication('service-with-sdk.mjs'), {
      nodeArgs: ['--import', REGISTER],
      env: { SDK_MODULE: '@opentelemetry/sdk-node' },
    });
    await started.askUntil('scrape', scrape => scrape.includes('\nprocess_memory_usage{'));
    expect(await started.end()).to.deep.include({ code: 0, stderr: '' });
  });

  it('does nothing in npm and its like', async () => {
    for (const main of ['node_modules/npm/bin/npm-cli.js', 'node_modules/nodemon/bin/nodemon.js']) {
      const started = launch(copyApplication('two-seconds.cjs', main));
      expect(await started.ended).to.deep.equal({ code: 3, signal: null, stdout: 'done\n', stderr: '' });
    }
  });
});
