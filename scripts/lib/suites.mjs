import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { productPackages, root } from './repository.mjs';

/**
 * The suites in the order in which they run, the quick ones first.
 * `matrixOnly` ones are left to `npm run test:matrix`, which `.ci/run` calls: `npm test` has five minutes on two cores.
 * `lowestNode` is the first Node.js that the suite runs on, `because` says why.
 */
export const suites = [
  {
    name: 'packages',
    places: productPackages().map(({ folder }) => ({
      source: join(folder, 'test'),
      compiled: join(folder, 'dist', 'test'),
      except: ['exit', 'otlp'],
    })),
  },
  { name: 'sdk-2', places: [workspace('sdk-2')] },
  {
    name: 'sdk-3',
    places: [workspace('sdk-3')],
    lowestNode: '22.15.0',
    because: 'OpenTelemetry SDK 3.x needs Node.js 22.15',
  },
  { name: 'azure', places: [workspace('azure')] },
  { name: 'processes', places: [inTest('system/processes'), inTest('differential')] },
  { name: 'register', places: [inTest('system/register')], matrixOnly: true },
  {
    name: 'exits',
    places: productPackages().map(({ folder }) => ({
      source: join(folder, 'test', 'exit'),
      compiled: join(folder, 'dist', 'test', 'exit'),
    })),
    matrixOnly: true,
  },
  {
    name: 'delivery',
    places: productPackages().map(({ folder }) => ({
      source: join(folder, 'test', 'otlp'),
      compiled: join(folder, 'dist', 'test', 'otlp'),
    })),
  },
  {
    name: 'faults',
    places: [{ source: join(root, 'test', 'faults'), compiled: join(root, 'test', 'faults', 'dist') }],
  },
  { name: 'system', places: [{ ...inTest('system'), deep: false }, inTest('regression')] },
  { name: 'repository', places: [{ ...inTest('.'), deep: false }, inTest('bench')] },
];

function workspace(name) {
  const folder = join(root, 'test', name);
  return { source: folder, compiled: join(folder, 'dist') };
}

function inTest(folder) {
  return { source: join(root, 'test', folder), compiled: join(root, 'test', 'dist', folder) };
}

/**
 * The compiled test files of a suite, from the root. They are looked up by their sources, so that what was compiled from a file that is
 * gone does not run, and what was not compiled is missed.
 *
 * @throws Error if a test is not compiled
 */
export function testFiles(suite) {
  return suite.places.flatMap(({ source, compiled, deep = true, except = [] }) =>
    testSources(source, deep, except).map(path => {
      const output = join(compiled, relative(source, path)).replace(/\.ts$/, '.js');
      if (!existsSync(output)) throw new Error(`${shown(path)} is not compiled to ${shown(output)}`);
      return shown(output);
    }),
  );
}

function testSources(folder, deep, except = []) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      if (entry.isFile()) return entry.name.endsWith('.test.ts') ? [path] : [];
      return deep && entry.isDirectory() && !['node_modules', 'dist', ...except].includes(entry.name)
        ? testSources(path, deep)
        : [];
    });
}

/** A path as mocha takes it and people read it, on Windows too. */
function shown(path) {
  return relative(root, path).split(sep).join('/');
}
