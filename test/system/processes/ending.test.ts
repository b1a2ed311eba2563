import { join } from 'node:path';
import { expect } from 'chai';
import { runFixture } from 'test-helpers/run-fixture';

const FIXTURE = join(__dirname, 'fixtures', 'ending.js');

interface Output {
  readonly alive: readonly string[];
  readonly opened: number;
  readonly left: number;
}

/** Its timers repeat for ever: one that was not unref'd would keep it until it is killed, and then there is no exit code. */
async function ended(how: string): Promise<Output> {
  const { code, signal, stdout, stderr } = await runFixture(FIXTURE, { args: [how], timeoutMillis: 20_000 });
  expect({ code, signal, stderr }).to.deep.equal({ code: 0, signal: null, stderr: '' });
  return JSON.parse(stdout) as Output;
}

describe('a process with everything in it ends by itself', () => {
  for (const how of ['disable and shutdown', 'shutdown', 'disable, server stopped', 'server stopped']) {
    it(`after ${how}`, async () => {
      const { alive, opened, left } = await ended(how);
      expect(alive).to.deep.equal([]);
      if (process.platform !== 'linux') return;
      // Files that are held open are given back by disable(), by nothing else.
      expect(opened).to.be.above(0);
      if (how.includes('disable')) expect(left).to.be.at.most(0);
    });
  }

  it('and one that is kept alive would be noticed', async () => {
    expect((await ended('held')).alive).to.deep.equal(['Timeout']);
  });
});

describe('under the fake timers of a test framework', () => {
  it('everything goes on reading, calls none of them, and stops', async () => {
    const { code, stdout, stderr } = await runFixture(join(__dirname, 'fixtures', 'under-fake-timers.js'), {
      nodeArgs: ['--expose-gc'],
    });
    expect(stderr).to.equal('');
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({
      moved: true,
      opened: process.platform === 'win32' ? 0 : 1,
      forced: 2,
      callbacks: 0,
    });
  });
});
