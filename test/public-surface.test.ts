import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import { repositoryRoot } from 'test-helpers/repository';
import { readJson } from './product-packages.js';
import { publicSurface } from './public-surface.js';
import type { PublicSurface } from './public-surface.js';

const listed = readJson('test', 'public-surface.json') as PublicSurface;
/** What Node.js adds to the names of a CommonJS module, depending on its version. */
const ADDED_BY_NODE = ['default', 'module.exports', '__esModule'];
const requireHere = createRequire(join(repositoryRoot, 'test', 'public-surface.json'));

describe('the public surface', () => {
  it('is what test/public-surface.json lists (to change it: npm run test:surface -- --update)', () => {
    expect(publicSurface()).to.deep.equal(listed);
  });

  // To load otel-node-vitals/register is to start it.
  let disabled: string | undefined;
  before(() => {
    disabled = process.env['OTEL_SDK_DISABLED'];
    process.env['OTEL_SDK_DISABLED'] = 'true';
  });
  after(() => {
    if (disabled === undefined) delete process.env['OTEL_SDK_DISABLED'];
    else process.env['OTEL_SDK_DISABLED'] = disabled;
  });

  for (const [specifier, { values }] of Object.entries(listed)) {
    it(`${specifier} gives the same values to require and to import`, async () => {
      const required = requireHere(specifier) as object;
      expect(Object.keys(required).sort()).to.deep.equal(values);
      const imported = (await import(specifier)) as Readonly<Record<string, unknown>>;
      const names = Object.keys(imported).filter(name => !ADDED_BY_NODE.includes(name));
      expect(names.sort()).to.deep.equal(values);
      for (const name of values) expect(imported[name]).to.equal(required[name as never]);
    });
  }
});
