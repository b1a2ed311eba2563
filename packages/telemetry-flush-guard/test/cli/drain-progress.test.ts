import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { OtlpIngestServer } from 'test-helpers/otlp-ingest-server';
import { DrainProgress, progressLine } from '../../src/cli/drain-progress.js';
import { drained, leaveBehind, namesOf } from './drain-spools.js';

describe('the progress of drain', () => {
  it('says how much is done, how fast, what is left, and what is in the way', () => {
    const lane = (
      name: string,
      found: number,
      delivered: number,
      failure?: string,
      waitMillis = 0,
    ): unknown => ({
      name,
      drained: { found, delivered, left: found - delivered },
      leftBytes: 1_572_864,
      failure,
      waitMillis,
    });
    const line = (lanes: unknown[], trouble?: string): string =>
      progressLine(
        {
          lanes: new Map(lanes.map((each, index) => [String(index), each])),
          trouble,
        } as unknown as Parameters<typeof progressLine>[0],
        2_000,
      );
    expect(line([lane('spans', 10_240, 1_024), lane('logs', 1, 0)])).to.equal(
      '1,024 of 10,241 items · 512/s · 3.0 MiB left',
    );
    expect(
      line(
        [
          lane('spans', 10, 0, 'HTTP 503', 11_500),
          lane('logs', 2, 0, 'closed'),
          lane('logs-2', 2, 2, 'over'),
        ],
        'EIO: i/o error',
      ),
    ).to.equal(
      '2 of 14 items · 1/s · 4.5 MiB left · spans: HTTP 503, again in 12 s · logs: closed · EIO: i/o error',
    );
    expect(line([])).to.equal('0 of 0 items · 0/s · 0 B left');
  });

  it('rewrites one line of a terminal, never wider than it, and takes it away at the end', async () => {
    const written: string[] = [];
    const progress = new DrainProgress(
      { columns: () => 20, write: text => written.push(text) },
      () => 'a line that is longer than the terminal is wide',
      1,
    );
    while (written.length < 3) await wait(1);
    progress.end();
    const count = written.length;
    await wait(10);
    expect(written).to.have.length(count);
    expect(new Set(written.slice(0, -1))).to.deep.equal(new Set(['\r\u001b[2Ka line that is long']));
    expect(written.at(-1)).to.equal('\r\u001b[2K');
  });

  it('is a line now and then elsewhere', async () => {
    const written: string[] = [];
    const progress = new DrainProgress(
      { columns: undefined, write: text => written.push(text) },
      () => 'so far',
      1,
    );
    while (written.length < 2) await wait(1);
    progress.end();
    expect(new Set(written)).to.deep.equal(new Set(['so far\n']));
  });

  it('tells of an endpoint in trouble while it lasts', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'guard-drain-progress-'));
    const server = await OtlpIngestServer.start('error');
    try {
      leaveBehind(dir, { spans: namesOf(30, 'span') });
      let shown = '';
      const write = (text: string): void => {
        shown += text;
        if (shown.includes('HTTP 500: a bug')) server.mood = 'up';
      };
      const world = { progress: { columns: () => 200, write } };
      expect((await drained([dir, '--to', 'otlp', server.endpoint], { world })).code).to.equal(0);
      expect(shown).to.match(/0 of 30 items · 0\/s · [\d.]+ KiB left · spans: HTTP 500: a bug/);
    } finally {
      server.close();
      rmSync(dir, { recursive: true });
    }
  });
});
