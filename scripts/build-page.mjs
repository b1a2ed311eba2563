// Writes packages/otel-node-vitals/src/page/page-assets.ts: what the status page sends to the browser, as strings. So the
// package needs no file at run time (it can be bundled, and answers with no descriptor left), and `tsc -b` is the whole
// build. The chart library is embedded as its authors built it, with its license.
// `--check` writes nothing, and exits with 1 if the file is stale; `--sizes` prints bytes, plain and compressed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { root } from './lib/repository.mjs';

const require = createRequire(import.meta.url);
const ts = require('typescript');
const vitals = join(root, 'packages', 'otel-node-vitals');
const assets = join(vitals, 'page-assets');
const target = join(vitals, 'src', 'page', 'page-assets.ts');
const read = (...path) => readFileSync(join(...path), 'utf8');

const uplot = dirname(require.resolve('uplot/package.json'));
const { version } = JSON.parse(read(uplot, 'package.json'));
const license = `/*!\nuPlot ${version}, https://github.com/leeoniya/uPlot\n\n${read(uplot, 'LICENSE').trim()}\n*/\n`;
const transpiledSoFar = new Map();
const file = (type, body) => ({ type, body });
const javascript = body => file('text/javascript', body);

const files = {
  'vitals/page.css': file(
    'text/css',
    license + read(uplot, 'dist', 'uPlot.min.css').trim() + '\n' + squeezed(read(assets, 'page.css')),
  ),
  'vitals/icon.svg': file('image/svg+xml', read(assets, 'icon.svg').trim()),
  'vitals/uplot.js': javascript(license + read(uplot, 'dist', 'uPlot.iife.min.js').trim()),
};
for (const source of modules()) files[`vitals/${basename(source, '.ts')}.js`] = javascript(compiled(source));

const template = read(assets, 'index.html').replace(/\n\s*/g, '\n').trim();
const hash = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);

if (process.argv.includes('--sizes')) showSizes();
else if (!existsSync(target) || !isCurrent(read(target))) {
  if (process.argv.includes('--check')) {
    console.error('packages/otel-node-vitals/src/page/page-assets.ts is stale: node scripts/build-page.mjs');
    process.exitCode = 1;
  } else {
    writeFileSync(target, written());
    console.log('packages/otel-node-vitals/src/page/page-assets.ts is up to date again');
  }
}

function written() {
  const entries = Object.entries(files).map(
    ([name, { type, body }]) =>
      `  '${name}': {\n    type: '${type}',\n    gzip: '${gzipSync(body, { level: 9 }).toString('base64')}',\n  },\n`,
  );
  return `// Written by scripts/build-page.mjs from page-assets/ and uplot ${version}. Do not edit.
${license}
/** The page itself, with places for the service's name and its state; the hash changes whenever an asset does. */
export const PAGE: Readonly<Record<'hash' | 'template', string>> = {
  hash: '${hash}',
  template: ${literal(template)},
};

/** What the page loads, by its path: gzip in base64, which is half the size in the package and on the way. */
export const PAGE_ASSETS: Readonly<Record<string, { readonly type: string; readonly gzip: string }>> = {
${entries.join('')}};
`;
}

/** Versions of zlib compress differently, so what counts is what comes out. */
function isCurrent(text) {
  const packed = [...text.matchAll(/'(vitals\/[^']+)': \{\s+type: '([^']+)',\s+gzip:\s+'([^']+)'/g)];
  const unpacked = packed.map(([, name, type, gzip]) => [
    name,
    file(type, gunzipSync(Buffer.from(gzip, 'base64')).toString()),
  ]);
  return (
    JSON.stringify(Object.fromEntries(unpacked)) === JSON.stringify(files) &&
    text.includes(`hash: '${hash}',`) &&
    text.includes(literal(template)) &&
    text.includes(license)
  );
}

function showSizes() {
  const rows = Object.entries({ '/': file('', template), ...files }).map(([name, { body }]) => [
    name,
    Buffer.byteLength(body),
    gzipSync(body, { level: 9 }).length,
  ]);
  const sum = column => rows.reduce((total, row) => total + row[column], 0);
  for (const [name, plain, packed] of [...rows, ['all of it', sum(1), sum(2)]])
    console.log(`${String(plain).padStart(7)} ${String(packed).padStart(6)} ${name}`);
}

/** The browser's own modules, and those that it shares with the server. */
function modules() {
  const own = readdirSync(join(assets, 'src')).map(name => join(assets, 'src', name));
  const shared = new Set(
    own
      .flatMap(path => imported(path))
      .map(specifier => join(assets, 'src', specifier.replace(/\.js$/, '.ts'))),
  );
  return [...new Set([...own, ...shared])].filter(path => compiled(path) !== '').sort();
}

/** What a module really imports, types left out. */
function imported(path) {
  return [...transpiled(path).matchAll(/ from ['"](\.[^'"]+)['"]/g)].map(match => match[1]);
}

function transpiled(path) {
  const before = transpiledSoFar.get(path);
  if (before !== undefined) return before;
  const { outputText } = ts.transpileModule(read(path), {
    fileName: path,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ES2022,
      removeComments: true,
      verbatimModuleSyntax: false,
    },
  });
  transpiledSoFar.set(path, outputText);
  return outputText;
}

/** As the browser gets it: all modules lie in one folder; indentation is not worth its bytes. */
function compiled(path) {
  const code = transpiled(path)
    .replace(/( from ['"])\.[^'"]*\/([^'"/]+['"])/g, '$1./$2')
    .replace(/^ +/gm, '')
    .trim();
  return code === 'export {};' ? '' : code;
}

/** A style sheet without what only people read. */
function squeezed(css) {
  return css
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replaceAll(';}', '}')
    .trim();
}

/**
 * A string literal of ASCII: V8 keeps a source with any other character in two bytes for each.
 */
function literal(value) {
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('`', '\\`')
    .replaceAll('${', '\\${')
    .replace(/[^\x20-\x7e\n]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `\`${escaped}\``;
}
