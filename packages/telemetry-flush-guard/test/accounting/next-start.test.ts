import { diag, metrics } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { diagLines } from 'test-helpers/diag-lines';
import { ManualReader } from 'test-helpers/manual-reader';
import { runFixture } from 'test-helpers/run-fixture';
import { skipBecause } from 'test-helpers/skip-because';
import { createFlushGuard } from '../../src/index.js';
import type { FlushGuard } from '../../src/index.js';

const APP = join(__dirname, 'fixtures', 'killed-app.js');
const CRASHED_APP = join(__dirname, 'fixtures', 'crashed-app.js');

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !condition(); tries += 1) await wait(25);
  expect(condition()).to.equal(true);
}

describe('the next start', () => {
  let dir: string;
  let guard: FlushGuard | undefined;
  beforeEach(function () {
    if (process.platform === 'win32') skipBecause(this, 'needs SIGKILL');
    dir = mkdtempSync(join(tmpdir(), 'guard-next-'));
    metrics.disable();
  });
  afterEach(async () => {
    await guard?.shutdown();
    guard = undefined;
    metrics.disable();
    diag.disable();
    rmSync(dir, { recursive: true });
  });

  it('reports what a process that was killed had done, and delivers what it left', async () => {
    expect((await runFixture(APP, { args: [dir] })).signal).to.equal('SIGKILL');
    const lines = diagLines();
    const bodies: unknown[] = [];
    const reader = new ManualReader();
    const started = createFlushGuard({ dir });
    guard = started;
    const processor = started.logRecordProcessor({
      export(items: { body: unknown }[], callback: (result: { code: number }) => void) {
        bodies.push(...items.map(({ body }) => body));
        callback({ code: 0 });
      },
      shutdown: () => Promise.resolve(),
    });
    // After the guard, as an application may.
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
    await until(() => started.stats()['logs']?.previous.processes === 1);
    new LoggerProvider({ processors: [processor] }).getLogger('app').emit({ body: 'own' });
    const { logs } = await started.flush();
    expect(logs).to.deep.equal({ delivered: 11, pending: 0, dropped: 0 });
    expect(bodies.sort()).to.deep.equal([
      'log 0',
      'log 1',
      'log 2',
      'log 3',
      'log 4',
      'log 5',
      'log 6',
      'log 7',
      'log 8',
      'log 9',
      'own',
    ]);
    expect(started.stats()['logs']).to.deep.include({
      accepted: 1,
      inherited: 10,
      delivered: 11,
      previous: { processes: 1, accepted: 10, inherited: 0, delivered: 0, dropped: {}, pending: 10 },
    });
    const told = lines.filter(line => line.includes('taken over from process'));
    expect(told).to.have.length(1);
    expect(told[0]).to.match(
      /^info .*: logs: 10 accepted, 0 delivered, 10 left; spans: 20 accepted, 20 delivered, 0 left$/,
    );
    const values = await reader.values();
    expect(values).to.include({
      'vitals.guard.accepted{vitals.signal="log"}': 1,
      'vitals.spool.redelivered': 10,
      'vitals.guard.pending{vitals.place="disk",vitals.signal="log"}': 0,
      'vitals.spool.degraded': 0,
    });
    const exported = Object.entries(values).filter(([series]) =>
      series.startsWith('otel.sdk.exporter.log.exported'),
    );
    expect(exported.reduce((sum, [, value]) => sum + (value as number), 0)).to.equal(11);
  });

  for (const end of ['exception', 'exit', 'shutdown', 'loop end']) {
    it(`reports what was dropped, though nothing was left, by a process that has ended: ${end}`, async () => {
      await runFixture(CRASHED_APP, { args: [dir, end] });
      const lines = diagLines();
      const started = createFlushGuard({ dir });
      guard = started;
      started.logRecordProcessor({
        export() {},
        shutdown: () => Promise.resolve(),
      });
      await until(() => started.stats()['logs']?.previous.processes === 1);
      expect(started.stats()['logs']?.previous).to.deep.equal({
        processes: 1,
        accepted: 4,
        inherited: 0,
        delivered: 1,
        dropped: { serialization: 3 },
        pending: 0,
      });
      expect(
        lines.filter(line => line.startsWith('warn ') && line.includes('serialization 3')),
      ).to.have.length(1);
      await until(() => !(readdirSync(dir, { recursive: true }) as string[]).join().includes('adopted-'));
    });
  }
});
