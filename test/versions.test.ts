import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { repositoryRoot } from 'test-helpers/repository';
import { runFixture } from 'test-helpers/run-fixture';
import { productPackages } from './product-packages.js';

describe('the versions', () => {
  it('stand everywhere as scripts/write-versions.mjs writes them', async () => {
    const script = join(repositoryRoot, 'scripts', 'write-versions.mjs');
    const { code, stderr } = await runFixture(script, { args: ['--check'] });
    expect(stderr).to.equal('');
    expect(code).to.equal(0);
  });

  for (const { folder, manifest } of productPackages()) {
    it(`${manifest.name} says the version of its package.json`, async () => {
      const compiled = (await import(join(folder, 'dist', 'src', 'version.js'))) as { VERSION: string };
      expect(compiled.VERSION).to.equal(manifest.version);
    });
  }
});

describe('scripts/write-versions.mjs', () => {
  let folder = '';
  let script = '';
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'versions-'));
    script = join(folder, 'scripts', 'write-versions.mjs');
    cpSync(join(repositoryRoot, 'scripts'), join(folder, 'scripts'), { recursive: true });
    write('packages/one/package.json', '{ "name": "one", "version": "2.0.0" }');
    write('packages/one/src/version.ts', "export const VERSION = '1.0.0';\n");
    write('examples/demo/package.json', '{ "dependencies": { "one": "1.0.0", "one-more": "1.0.0" } }');
    mkdirSync(join(folder, 'test'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('names what is stale, mends it, and is then content', async () => {
    const stale = await runFixture(script, { args: ['--check'] });
    expect(stale.code).to.equal(1);
    expect(stale.stderr).to.equal(
      [
        `${join('packages', 'one', 'src', 'version.ts')} is stale: node scripts/write-versions.mjs`,
        `${join('examples', 'demo', 'package.json')} is stale: node scripts/write-versions.mjs`,
        '',
      ].join('\n'),
    );

    expect((await runFixture(script)).code).to.equal(0);
    expect(readFileSync(join(folder, 'packages/one/src/version.ts'), 'utf8')).to.match(
      /VERSION = '2\.0\.0';\n$/,
    );
    expect(readFileSync(join(folder, 'examples/demo/package.json'), 'utf8')).to.equal(
      '{ "dependencies": { "one": "2.0.0", "one-more": "1.0.0" } }',
    );

    expect((await runFixture(script, { args: ['--check'] })).code).to.equal(0);
  });
});
