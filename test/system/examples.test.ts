import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { OtlpIngestServer } from 'test-helpers/otlp-ingest-server';
import { repositoryRoot } from 'test-helpers/repository';
import { startFixture } from 'test-helpers/run-fixture';
import type { RunningFixture } from 'test-helpers/run-fixture';
import { skipBecause } from 'test-helpers/skip-because';

const SYSTEM_TESTS = join(repositoryRoot, 'test', 'system');

/** The one command of the README's `sh` block, in words. */
function commandOf(folder: string): string[] {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```sh\n(.*?)\n```$/gms)].map(([, block = '']) => block);
  expect(blocks, 'sh blocks of the README').to.have.lengthOf(1);
  const words = blocks[0]!.split(' ');
  expect(words[0]).to.equal('node');
  return words.slice(1);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

function ask(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, response => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.once('end', () => {
        resolve(body);
      });
    }).once('error', reject);
  });
}

/** The number of a line of a scrape that starts so. */
function valueOf(scrape: string, start: string): number {
  const line = scrape.split('\n').find(candidate => candidate.startsWith(start));
  expect(line, `${start} in\n${scrape}`).not.to.equal(undefined);
  return Number(line!.slice(line!.lastIndexOf(' ')));
}

const COUNTED = 'vitals_sampler_ticks_total{vitals_reading="fd.count"';

/**
 * A scrape whose count was read after the connection that it came over was made. That connection stays open, so it is
 * in the count, as it is in a listing made now; the count itself takes no descriptor.
 */
async function scrapeOfLaterCount(url: string, agent: Agent): Promise<string> {
  const before = valueOf(await ask(url, agent), COUNTED);
  for (;;) {
    const scrape = await ask(url, agent);
    if (valueOf(scrape, COUNTED) > before) return scrape;
    // The examples count every 5 s, as by default; what is waited for is the count, not the time.
    await sleep(50);
  }
}

for (const example of ['existing-node-sdk', 'existing-provider-esm']) {
  describe(`examples/${example}`, () => {
    let server: OtlpIngestServer;
    let spool: string;
    before(async () => {
      server = await OtlpIngestServer.start();
      spool = mkdtempSync(join(tmpdir(), 'example-'));
    });
    after(() => {
      server.close();
      rmSync(spool, { recursive: true });
    });
    const run = (port: number, metricsPort: number, ...before: string[]): RunningFixture => {
      const folder = join(repositoryRoot, 'examples', example);
      const words = commandOf(folder);
      return startFixture(words.at(-1)!, {
        nodeArgs: [...words.slice(0, -1), ...before],
        cwd: folder,
        env: {
          PORT: String(port),
          OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort),
          OTEL_EXPORTER_OTLP_ENDPOINT: server.endpoint,
          OTEL_FLUSH_GUARD_DIR: spool,
        },
      });
    };

    it('runs by the command of its README, says what the kernel says, and ends with 0', async function () {
      if (process.platform !== 'linux') skipBecause(this, 'the second source is /proc');
      const [port, metricsPort] = [await freePort(), await freePort()];
      const running = run(port, metricsPort);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
      try {
        await Promise.all([
          running.waitFor(`service http://127.0.0.1:${port}/`),
          running.waitFor(`metrics ${metricsUrl}`),
        ]);
        const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
        expect(await answer.text()).to.equal('hello\n');

        const scrape = await scrapeOfLaterCount(metricsUrl, agent);
        const listed = readdirSync(`/proc/${running.child.pid!}/fd`).length;
        expect(valueOf(scrape, 'process_unix_file_descriptor_count{')).to.equal(listed);
        const limits = readFileSync(`/proc/${running.child.pid!}/limits`, 'utf8');
        expect(valueOf(scrape, 'vitals_fd_limit{vitals_fd_limit_type="soft"')).to.equal(
          Number(/^Max open files\s+(\d+)/m.exec(limits)![1]),
        );

        const status = readFileSync(`/proc/${running.child.pid!}/status`, 'utf8');
        const peakBytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
        // As of a tick at most 5 s ago: the peak can only have risen since, and nothing here makes it.
        expect(valueOf(scrape, 'vitals_memory_peak{')).to.be.within(peakBytes * 0.8, peakBytes);
        expect(valueOf(scrape, 'vitals_heap_limit{')).to.be.above(valueOf(scrape, 'vitals_heap_used{'));
        expect(valueOf(scrape, 'vitals_gc_utilization{vitals_window="1m"')).to.be.within(0, 1);
      } finally {
        agent.destroy();
        running.child.kill('SIGTERM');
      }
      const { code, signal, stderr } = await running.ended;
      expect({ code, signal, stderr }).to.deep.equal({ code: 0, signal: null, stderr: '' });
    });

    if (example !== 'existing-node-sdk') return;
    it('loses nothing to an endpoint that is down and to SIGKILL: its next start sends it', async () => {
      const [port, metricsPort] = [await freePort(), await freePort()];
      server.mood = 'error';
      const killed = run(port, metricsPort, '--require', join(SYSTEM_TESTS, 'emits-at-once.cjs'));
      await killed.waitFor(`service http://127.0.0.1:${port}/`);
      killed.child.kill('SIGKILL');
      expect(await killed.ended).to.include({ signal: 'SIGKILL' });
      expect(server.received.spans.size + server.received.logs.size).to.equal(0);
      server.mood = 'up';
      server.received.metrics.length = 0;

      const next = run(port, metricsPort);
      while (server.received.spans.size === 0 || server.received.logs.size === 0) await sleep(20);
      next.child.kill('SIGTERM');
      const { code, signal, stderr } = await next.ended;
      expect({ code, signal, stderr }).to.deep.equal({ code: 0, signal: null, stderr: '' });
      expect([...server.received.spans, ...server.received.logs]).to.deep.equal([
        ['a span', 1],
        ['a log record', 1],
      ]);
      const names = server.received.metrics.map(({ name }) => name);
      expect(names).to.include.members(['vitals.heap.used', 'process.memory.usage', 'vitals.guard.accepted']);
      for (const { headers } of server.log)
        expect(headers['content-type']).to.equal('application/x-protobuf');
    });
  });
}
