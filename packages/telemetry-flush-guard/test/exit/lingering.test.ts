import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runForJson } from 'test-helpers/run-fixture';

describe('exporters that fail', () => {
  it('do not keep a process alive in turns that has nothing else to do', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'lingering-'));
    try {
      // If they did, it would have to be killed, and there would be no accounts.
      const stats = await runForJson<Record<string, { accepted: number; pendingOnDisk: number }>>(
        join(__dirname, 'fixtures', 'failing-exporters.js'),
        { args: [dir], timeoutMillis: 15_000 },
      );
      expect(stats['logs']).to.include({ accepted: 1, pendingOnDisk: 1 });
      expect(stats['logs-2']).to.include({ accepted: 1, pendingOnDisk: 1 });
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
