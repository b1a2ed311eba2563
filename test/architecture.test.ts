import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { repositoryRoot } from 'test-helpers/repository';
import { architectureProblems, cycles, importedPackages, readAllowedImports } from './architecture-rules.js';
import type { ArchitectureRules, ProductSource } from './architecture-rules.js';
import { filesBelow, productPackages, productSources, readJson } from './product-packages.js';

const document = readFileSync(join(repositoryRoot, 'docs', 'architecture.md'), 'utf8');
const rules: ArchitectureRules = {
  packages: readAllowedImports(document, 'allowed-imports'),
  folders: new Map([
    ['otel-runtime-kit', readAllowedImports(document, 'kit-folders')],
    ['telemetry-flush-guard', readAllowedImports(document, 'guard-folders')],
  ]),
};
const packages = productPackages();
const API = '@opentelemetry/api';

describe('the architecture', () => {
  it('has no import but those in the tables of docs/architecture.md, and no circle', () => {
    const sources = packages.flatMap(productSources);
    expect(sources.length).to.be.greaterThan(40);
    expect(architectureProblems(sources, rules)).to.deep.equal([]);
  });

  it('has a row for every package and for every folder of those that have floors', () => {
    expect([...rules.packages.keys()]).to.include.members(packages.map(({ manifest }) => manifest.name));
    for (const [name, table] of rules.folders) {
      const { folder } = packages.find(({ manifest }) => manifest.name === name)!;
      const folders = new Set(
        filesBelow(join(folder, 'src')).flatMap(path => (path.includes('/') ? [path.split('/')[0]!] : [])),
      );
      expect([...table.keys()], name).to.have.members([...folders]);
    }
  });

  it('draws tables without circles and without OpenTelemetry in window, linux and trend', () => {
    for (const table of [rules.packages, ...rules.folders.values()]) {
      expect(cycles(new Map([...table].map(([from, to]) => [from, [...to]])))).to.deep.equal([]);
    }
    for (const folder of ['window', 'linux', 'trend']) {
      expect(
        [...rules.folders.get('otel-runtime-kit')!.get(folder)!].filter(name => name.startsWith('@')),
      ).to.deep.equal([]);
    }
  });
});

describe('the packages', () => {
  const { version } = readJson('lerna.json') as { version: string };

  for (const product of packages) {
    const { manifest } = product;
    const own = packages.map(({ manifest: { name } }) => name);

    it(`${manifest.name} depends on what it imports, at this very version, and on nothing else`, () => {
      const imported = productSources(product).flatMap(source => [...importedPackages(source)]);
      const siblings = [...new Set(imported)].filter(name => own.includes(name));
      expect(manifest.dependencies ?? {}).to.deep.equal(
        Object.fromEntries(siblings.map(name => [name, version])),
      );
      const optional = Object.keys(manifest.peerDependenciesMeta ?? {});
      // Optional peers are the application's, and only looked for there.
      const needed = Object.entries(manifest.peerDependencies ?? {}).filter(
        ([name]) => !optional.includes(name),
      );
      expect(Object.fromEntries(needed)).to.deep.equal({ [API]: '^1.9.0' });
      if (optional.length > 0) expect(manifest.name).to.equal('otel-node-vitals');
      expect(manifest.optionalDependencies).to.equal(undefined);
      expect(manifest.devDependencies).to.equal(undefined);
    });

    it(`${manifest.name} has the common version, engines and module type, and no install script`, () => {
      expect(manifest.version).to.equal(version);
      expect(manifest.engines).to.deep.equal({ node: '^20.19.0 || >=22.12.0' });
      expect(manifest.type).to.equal('commonjs');
      expect(manifest.scripts ?? {}).to.not.have.any.keys('preinstall', 'install', 'postinstall', 'prepare');
    });

    it(`${manifest.name} carries the license of the repository`, () => {
      const read = (folder: string): string => readFileSync(join(folder, 'LICENSE'), 'utf8');
      expect(read(product.folder)).to.equal(read(repositoryRoot));
    });
  }
});

describe('the check of the architecture', () => {
  const sample = (path: string, text: string, name = 'otel-runtime-kit'): ProductSource => ({
    package: name,
    path,
    text,
  });
  const problemsOf = (...sources: ProductSource[]): string[] => architectureProblems(sources, rules);

  it('finds a package that the table does not allow, in every form of import', () => {
    for (const statement of [
      `import { merge } from 'lodash';`,
      `import type { Merge } from 'lodash';`,
      `import 'lodash/merge';`,
      `export { merge } from 'lodash';`,
      `import lodash = require('lodash');`,
      `const lodash = require('lodash');`,
      `const path = require.resolve('lodash');`,
      `const lodash = import('lodash');`,
      `let merge: import('lodash').Merge;`,
    ]) {
      expect(problemsOf(sample('window/x.ts', `// one\n${statement}`)), statement).to.deep.equal([
        'otel-runtime-kit/src/window/x.ts:2 imports lodash, which the table does not allow',
      ]);
    }
  });

  it('finds a sibling that may not be imported, an SDK, and a package without a row', () => {
    const text = `import 'telemetry-flush-guard';\nimport '@opentelemetry/sdk-metrics/build/x';`;
    expect(problemsOf(sample('x.ts', text, 'otel-fd-watch'))).to.deep.equal([
      'otel-fd-watch/src/x.ts:1 imports telemetry-flush-guard, which the table does not allow',
      'otel-fd-watch/src/x.ts:2 imports @opentelemetry/sdk-metrics, which the table does not allow',
    ]);
    expect(problemsOf(sample('x.ts', `import '${API}';`, 'otel-newcomer'))).to.deep.equal([
      `otel-newcomer/src/x.ts:1 imports ${API}, but otel-newcomer has no row in the table`,
    ]);
  });

  it('finds a folder of the kit that reaches where it may not', () => {
    expect(
      problemsOf(
        sample('trend/a.ts', `import '../sampling/b.js';\nimport '${API}';`),
        sample('sampling/b.ts', `import '../../test/c.js';`),
      ),
    ).to.deep.equal([
      "otel-runtime-kit/src/trend/a.ts:1 trend/ may not import sampling (table of its package's folders)",
      `otel-runtime-kit/src/trend/a.ts:2 trend/ may not import ${API} (table of its package's folders)`,
      "otel-runtime-kit/src/sampling/b.ts:1 imports ../../test/c.js, which is not in the package's src",
    ]);
  });

  it('finds circles, computed imports, bare built-ins, instanceof and names that say nothing', () => {
    expect(
      problemsOf(
        sample('otel/a.ts', `import { b } from './b.js';\nvoid import(b);`),
        sample('otel/b.ts', `import './a.js';\nimport 'fs';`),
        sample(
          'otel/meter-helper.ts',
          `import { Meter } from '${API}';\nx instanceof Meter;\ny instanceof Error;`,
        ),
      ),
    ).to.deep.equal([
      'otel-runtime-kit/src/otel/a.ts:2 imports something computed',
      'otel-runtime-kit/src/otel/b.ts:2 imports fs without node:',
      'otel-runtime-kit/src/otel/meter-helper.ts:2 uses instanceof on something of OpenTelemetry; there may be several copies',
      'otel-runtime-kit/src/otel/meter-helper.ts:1 has a name that does not say what is in it',
      'imports in a circle: otel-runtime-kit/otel/a.ts -> otel-runtime-kit/otel/b.ts -> otel-runtime-kit/otel/a.ts',
    ]);
  });

  it('passes what is allowed', () => {
    expect(
      problemsOf(
        sample('trend/a.ts', `import { open } from 'node:fs';\nimport type { b } from '../window/b.js';`),
        sample('window/b.ts', `export const b = 1;`),
      ),
    ).to.deep.equal([]);
  });
});
