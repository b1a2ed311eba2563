import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { repositoryRoot } from 'test-helpers/repository';
import { runFixture } from 'test-helpers/run-fixture';

function scriptUrl(name: string): string {
  return pathToFileURL(join(repositoryRoot, 'scripts', 'lib', name)).href;
}

describe('the scripts', () => {
  let folder = '';
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'scripts-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('know which Node.js is in the range of package.json', async () => {
    const { isInRange } = (await import(scriptUrl('node-range.mjs'))) as {
      isInRange: (version: string, range: string) => boolean;
    };
    const range = '^20.19.0 || >=22.12.0';
    const inside = ['v20.19.0', 'v20.20.2', 'v22.12.0', '22.12.1', 'v24.0.0', 'v100.0.0', 'v26.0.0-nightly'];
    const outside = ['v18.20.8', 'v20.18.3', 'v20.9.0', 'v21.7.3', 'v22.11.0', 'v22.2.0'];
    expect(inside.filter(version => !isInRange(version, range))).to.deep.equal([]);
    expect(outside.filter(version => isInRange(version, range))).to.deep.equal([]);
    expect(() => isInRange('v22.0.0', '22.x')).to.throw('cannot read the version range "22.x"');
  });

  it('do what is exclusive one after the other, and take over from a process that died', async () => {
    const log = file('log', '');
    const lock = file('stale.lock', '1\n');
    utimesSync(lock, 0, 0);
    const worker = file(
      'worker.mjs',
      `import { appendFileSync } from 'node:fs';
       import { exclusively } from ${JSON.stringify(scriptUrl('exclusive.mjs'))};
       const [lock, log] = process.argv.slice(2);
       await exclusively(lock, () => {}, async () => {
         appendFileSync(log, 'begin ');
         for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
         appendFileSync(log, 'end ');
       });`,
    );
    const ended = await Promise.all(['a', 'b', 'c'].map(() => runFixture(worker, { args: [lock, log] })));
    expect(ended.map(({ code, stderr }) => [code, stderr])).to.deep.equal([0, 0, 0].map(code => [code, '']));
    expect(readFileSync(log, 'utf8')).to.equal('begin end begin end begin end ');
  });

  describe('and the reporter', () => {
    const mocha = join(repositoryRoot, 'node_modules', 'mocha', 'bin', 'mocha.js');
    const helper = join(repositoryRoot, 'test', 'helpers', 'dist', 'skip-because.js');
    const run = async (
      tests: string,
      ...args: string[]
    ): Promise<{ code: number | null; lines: string[] }> => {
      const path = file('tests.cjs', `const { skipBecause } = require(${JSON.stringify(helper)});\n${tests}`);
      const { code, stdout } = await runFixture(mocha, { args: [...args, path], cwd: repositoryRoot });
      return { code, lines: stdout.trimEnd().split('\n') };
    };
    const MIXED = `describe('s', () => {
      it('passes', () => {});
      it('fails', () => { throw new Error('no'); });
      it('waits', function () { skipBecause(this, 'no such kernel'); });
      describe('all', () => { before(function () { skipBecause(this, 'no such machine'); }); it('waits too', () => {}); });
    });`;

    it('close with the sum, after the reasons of what was skipped', async () => {
      const { code, lines } = await run(MIXED);
      expect(code).to.equal(1);
      expect(lines.slice(-3)).to.deep.equal([
        '  skipped: s waits (no such kernel)',
        '  skipped: s all waits too (no such machine)',
        '1 passed, 1 failed, 2 skipped',
      ]);
      expect((await run(`it('passes', () => {});`)).lines.at(-1)).to.equal('1 passed, 0 failed');
    });

    it('write the numbers into a file for who adds up several runs', async () => {
      const counts = join(folder, 'counts.json');
      const { lines } = await run(MIXED, '--reporter-option', `counts=${counts}`);
      expect(JSON.parse(readFileSync(counts, 'utf8'))).to.deep.equal({
        passed: 1,
        skipped: 2,
        failures: ['s fails'],
      });
      expect(lines.filter(line => line.includes('passed'))).to.deep.equal([]);
    });

    it('close the sum of several runs with what failed, and never succeed without a test', async () => {
      const closing = file(
        'closing.mjs',
        `import { closeWith } from ${JSON.stringify(scriptUrl('closing-line.mjs'))};
         closeWith(JSON.parse(process.argv[2]));`,
      );
      const close = async (...results: object[]): Promise<[number | null, string]> => {
        const { code, stdout } = await runFixture(closing, { args: [JSON.stringify(results)] });
        return [code, stdout];
      };
      const green = { passed: 2, skipped: 1, failures: [] };
      expect(await close(green, green)).to.deep.equal([0, '4 passed, 0 failed, 2 skipped\n']);
      const red = { passed: 1, skipped: 0, failures: ['a b'] };
      expect(await close(green, red)).to.deep.equal([1, 'failed: a b\n3 passed, 1 failed, 1 skipped\n']);
      expect(await close()).to.deep.equal([1, 'failed: no test ran\n0 passed, 1 failed\n']);
    });
  });
});
