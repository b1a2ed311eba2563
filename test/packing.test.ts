import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { repositoryRoot } from 'test-helpers/repository';
import { runFixture } from 'test-helpers/run-fixture';
import { filesBelow } from './product-packages.js';

const MANIFEST = {
  name: 'sample',
  version: '1.0.0',
  exports: {
    '.': { types: './dist/src/index.d.ts', default: './dist/src/index.js' },
    './other': { types: './dist/src/other/index.d.ts', default: './dist/src/other/index.js' },
    './package.json': './package.json',
  },
  publishConfig: { directory: 'dist/package', access: 'public' },
  scripts: { prepack: 'x' },
};

// As tsc writes modules.
const compiledModule = (...lines: string[]): string =>
  ['"use strict";', 'Object.defineProperty(exports, "__esModule", { value: true });', ...lines, ''].join(
    '\n',
  );
const FILES: Readonly<Record<string, string>> = {
  LICENSE: 'Free.\n',
  'README.md': '# Sample\n',
  'package.json': JSON.stringify(MANIFEST),
  'src/types-only.ts': '',
  'src/index.ts': '',
  'dist/src/types-only.js': compiledModule('//# sourceMappingURL=types-only.js.map'),
  'dist/src/index.js': compiledModule(
    'exports.later = exports.of = void 0;',
    '// Why.',
    'var part_js_1 = require("./part.js"); /* of ours */',
    'Object.defineProperty(exports, "of", { enumerable: true, get: function () { return part_js_1.of; } });',
    'const node_module_1 = require("node:module");',
    'var part_js_2 = require("./deep/part.js");',
    'exports.deep = part_js_2;',
    'const load = (0, node_module_1.createRequire)(__filename);',
    'exports.later = () => load("./later.js");',
    '//# sourceMappingURL=index.js.map',
  ),
  'dist/src/part.js': compiledModule(
    '/*! A license. */',
    '/** Why. */',
    'exports.of = void 0;',
    'const counter_js_1 = require("./counter.js");',
    'const $part = 1;',
    'class Part { exports = "field"; static of(exports) { return { exports, $part }; } }',
    'function of(value) { return Part.of(value).exports + counter_js_1.next(); }',
    'exports.of = of;',
  ).replace('{ exports, $part }', '{ exports: exports, $part }'),
  // Of the same name as another, and in another folder.
  'dist/src/deep/part.js': compiledModule(
    'exports.folder = exports.values = void 0;',
    'var part_js_1 = require("../part.js");',
    'exports.same = () => part_js_1.of;',
    'exports.folder = __dirname;',
    'const pattern = /a  \\/\\* \\/\\/ b/g;',
    'const template = `a  // ${1  +  +2} /* b',
    '    c ≥ \u{1f600}`;',
    "const quoted = 'http://x  /* y */ −';",
    'exports.values = [1 - -1, typeof   pattern, 6 / /3/.exec("3")[0], 1 .toFixed(1), template, quoted];',
  ),
  'dist/src/later.js': compiledModule(
    'exports.count = void 0;',
    'const counter_js_1 = require("./counter.js");',
    'exports.count = counter_js_1.next;',
  ),
  'dist/src/counter.js': compiledModule(
    'exports.next = next;',
    'let count = 0;',
    'function next() { return (count += 1); }',
  ),
  'dist/src/other/index.js': compiledModule(
    'exports.count = void 0;',
    'const counter_js_1 = require("../counter.js");',
    'const types_only_js_1 = require("../types-only.js");',
    'exports.count = counter_js_1.next;',
  ),
  'dist/src/index.d.ts':
    "/** Kept. */\nexport type { A } from './a.js';\nexport type * from 'b';\n//# sourceMappingURL=index.d.ts.map",
  'dist/src/a.d.ts': "export type A = import('./deep/c.js').C;\n",
  'dist/src/deep/c.d.ts': 'export type C = 1;\n',
  'dist/src/deep/alone.d.ts': 'export {};\n',
  'dist/src/other/index.d.ts': 'export {};\n',
  'dist/src/gone.js': compiledModule('exports.stale = 1;'),
  'dist/test/a.js': '// Why.\n',
};

describe('a package as it is published', () => {
  const load = createRequire(__filename);
  let root = '';
  let stagePackage: (folder: string, destination: string) => void;
  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'packing-'));
    const script = join(repositoryRoot, 'scripts', 'lib', 'stage-package.mjs');
    ({ stagePackage } = (await import(pathToFileURL(script).href)) as {
      stagePackage: typeof stagePackage;
    });
  });
  after(() => {
    rmSync(root, { recursive: true });
  });

  /** A compiled package, with some of its files exchanged. */
  function compiled(others: Readonly<Record<string, string>> = {}): string {
    const folder = mkdtempSync(join(root, 'package-'));
    for (const [path, text] of Object.entries({ ...FILES, ...others })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  }

  function staged(folder: string): { place: string; read: (path: string) => string } {
    const place = join(folder, 'staged');
    stagePackage(folder, place);
    return { place, read: path => readFileSync(join(place, path), 'utf8') };
  }

  interface Exports {
    readonly of: (value: string) => string;
    readonly deep: { same: () => unknown; folder: string; values: unknown[] };
    readonly later: () => { count: () => number };
  }
  const required = (place: string, path = 'dist/src/index.js'): Exports => load(join(place, path)) as Exports;

  it('has a file for each entry, for what several need, for what is loaded later, and the types', () => {
    const folder = compiled();
    const { place, read } = staged(folder);
    expect(filesBelow(place)).to.have.members([
      'LICENSE',
      'README.md',
      'package.json',
      'dist/src/index.js',
      'dist/src/other/index.js',
      'dist/src/counter.js',
      'dist/src/later.js',
      // Knows its folder, which is another than the entry's, and is needed with it.
      'dist/src/deep/part.js',
      'dist/src/part.js',
      'dist/src/index.d.ts',
      'dist/src/a.d.ts',
      'dist/src/deep/c.d.ts',
      'dist/src/other/index.d.ts',
    ]);
    expect(read('dist/src/index.d.ts')).to.equal(
      "/** Kept. */\nexport type { A } from './a.js';\nexport type * from 'b';\n",
    );
    const { name, version, exports } = MANIFEST;
    expect(JSON.parse(read('package.json'))).to.deep.equal({
      name,
      version,
      exports,
      publishConfig: { access: 'public' },
    });
    for (const [path, text] of Object.entries(FILES))
      expect(readFileSync(join(folder, path), 'utf8'), path).to.equal(text);
  });

  it('does what the modules do, each of which exists once', () => {
    const folder = compiled();
    const { place } = staged(folder);
    const [before, after] = [required(folder), required(place)];
    expect(Object.keys(after)).to.have.members(Object.keys(before));
    expect(JSON.stringify(after.deep.values)).to.equal(JSON.stringify(before.deep.values));
    expect(after.deep.values).to.include.members(['a  // 3 /* b\n    c ≥ \u{1f600}', 'http://x  /* y */ −']);
    expect(after.deep.folder).to.equal(join(place, 'dist', 'src', 'deep'));
    expect(after.deep.same()).to.equal(after.of);
    const other = load(join(place, 'dist/src/other/index.js')) as ReturnType<Exports['later']>;
    expect([after.of('a'), after.later().count(), other.count(), after.of('b')]).to.deep.equal([
      'a1',
      2,
      3,
      'b4',
    ]);
  });

  it('joins modules of one name, whatever words they use', () => {
    const plain = FILES['dist/src/deep/part.js']!.replace('__dirname', '"."');
    const folder = compiled({ 'dist/src/deep/part.js': plain });
    const { place, read } = staged(folder);
    expect(existsSync(join(place, 'dist/src/part.js'))).to.equal(false);
    expect(read('dist/src/index.js').match(/^const \$part\w* ?=/gm)).to.deep.equal([
      'const $part_=',
      'const $part=',
      'const $part__=',
    ]);
    const { of, deep } = required(place);
    expect(deep.same()).to.equal(of);
    expect(of('a')).to.equal('a1');
  });

  it('has no comments but licenses, no spaces without need, and lines where there were lines', () => {
    const { read } = staged(compiled());
    const lines = read('dist/src/part.js').split('\n');
    expect(lines.slice(0, 5)).to.deep.equal([
      '"use strict";',
      '/*! A license. */',
      'Object.defineProperty(exports,"__esModule",{value:true});',
      'exports.of=void 0;',
      'const counter_js_1=require("./counter.js");',
    ]);
    expect(read('dist/src/index.js')).to.not.match(/Why|of ours|sourceMapping/);
    // V8 would keep the file in two bytes for each character.
    expect(read('dist/src/deep/part.js')).to.match(/^[\x00-\xff]*$/);
  });

  const PROBLEMS: Readonly<Record<string, readonly [path: string, text: string, says: RegExp]>> = {
    'a file that is no program': [
      'dist/src/part.js',
      compiledModule('const = 1;'),
      /part\.js: Unexpected token/,
    ],
    'a module that is missing': [
      'dist/src/part.js',
      compiledModule('require("./no.js");'),
      /part\.js: \.\/no\.js does/,
    ],
    'a source that is not compiled': ['src/new.ts', '', /^new\.ts is not compiled/],
    'a module that nothing leads to': ['src/gone.ts', '', /gone\.js: no entry point leads to this module/],
    'a module with ways of its own': [
      'dist/src/counter.js',
      compiledModule('module.exports = {};'),
      /counter\.js: module\.exports cannot be joined/,
    ],
  };
  for (const [what, [path, text, says]] of Object.entries(PROBLEMS)) {
    it(`is not made of ${what}`, () => {
      const alone = { 'dist/src/later.js': compiledModule(), 'dist/src/other/index.js': compiledModule() };
      expect(() => staged(compiled({ ...alone, [path]: text }))).to.throw(says);
    });
  }

  it('is what prepack leaves in dist/package, and not for npm, which would pack another folder', async () => {
    const script = join(repositoryRoot, 'scripts', 'prepack.mjs');
    const folder = compiled();
    const asNpm = await runFixture(script, { cwd: folder, env: { npm_command: 'publish' } });
    expect(asNpm.code).to.equal(1);
    expect(asNpm.stderr).to.match(/^npm run pack/);
    expect(existsSync(join(folder, 'dist', 'package'))).to.equal(false);
    for (let time = 0; time < 2; time += 1) {
      const { code, stderr } = await runFixture(script, { cwd: folder, env: { npm_command: 'exec' } });
      expect([code, stderr]).to.deep.equal([0, '']);
      const { place } = staged(folder);
      expect(filesBelow(join(folder, 'dist', 'package'))).to.deep.equal(filesBelow(place));
      rmSync(place, { recursive: true });
    }
  });
});
