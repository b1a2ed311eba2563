import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import { expect } from 'chai';
import { publint } from 'publint';
import ts from 'typescript';
import { repositoryRoot } from 'test-helpers/repository';
import { runFixture } from 'test-helpers/run-fixture';
import type { FixtureOptions, FixtureResult } from 'test-helpers/run-fixture';
import { MODULE_MODES, compileConsumer } from './compile-consumer.js';
import { ConsumerFolder, packAll } from './consumer-folder.js';
import { entryPoints, filesBelow, productPackages } from './product-packages.js';
import type { ProductPackage } from './product-packages.js';

const load = createRequire(__filename);
const packages = productPackages();
const vitalsManifest = packages.find(({ manifest }) => manifest.name === 'otel-node-vitals')!.manifest;
const EXPORTER = '@opentelemetry/exporter-prometheus@0.223.0';
const ATTW = join(repositoryRoot, 'node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js');
const BAD_RATIO = 'RangeError: otel-fd-watch: warnAtRatio must be in (0, 1], got 3';

describe('the packed packages', function () {
  // Nothing here waits; a registry and a small machine may take their time.
  this.timeout(300_000);

  let destination = '';
  let tarballs = new Map<string, string>();
  const typeReports = new Map<string, Promise<FixtureResult>>();
  const sizes = new Map<string, { readonly files: number; readonly bytes: number }>();
  before(async () => {
    destination = mkdtempSync(join(tmpdir(), 'tarballs-'));
    tarballs = await packAll(packages, destination);
    // At once: each of them loads a compiler, and this machine may have several cores.
    for (const [name, tarball] of tarballs)
      typeReports.set(
        name,
        runFixture(ATTW, { args: [tarball, '--format', 'json'], timeoutMillis: 120_000 }),
      );
  });
  after(() => {
    for (const [name, { files, bytes }] of sizes)
      console.log(`    ${name}: ${files} files, ${Math.round(bytes / 1024)} KiB unpacked`);
    rmSync(destination, { recursive: true, force: true });
  });

  for (const { manifest } of packages) {
    it(`${manifest.name} has no problem that publint or attw know of`, async () => {
      const tarball = tarballs.get(manifest.name)!;
      const bytes = new Uint8Array(readFileSync(tarball));
      const { messages } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
      expect(messages).to.deep.equal([]);
      const attw = await typeReports.get(manifest.name)!;
      const { analysis } = JSON.parse(attw.stdout) as { analysis: { problems: unknown } };
      expect(analysis.problems).to.deep.equal([]);
      expect(attw.code).to.equal(0);
    });
  }

  // The oldest API that the peer range allows, and the newest.
  for (const api of ['1.9.0', '^1.9.0']) {
    describe(`beside @opentelemetry/api ${api}`, () => {
      let consumer: ConsumerFolder;
      const run = async (
        file: string,
        { args = [], nodeArgs = [] }: Pick<FixtureOptions, 'args' | 'nodeArgs'> = {},
      ): Promise<unknown> => {
        const result = await runFixture(consumer.copy(file), { cwd: consumer.path, args, nodeArgs });
        expect(result.stderr).to.equal('');
        expect(result.code).to.equal(0);
        return JSON.parse(result.stdout);
      };
      before(async () => {
        consumer = new ConsumerFolder();
        await consumer.install(...tarballs.values(), `@opentelemetry/api@${api}`, EXPORTER);
      });
      after(() => {
        consumer.remove();
      });

      it('hold the code in few files, its types, a README and the license, and nothing else', () => {
        for (const { folder, manifest } of packages) {
          const installed = join(consumer.path, 'node_modules', manifest.name);
          const files = filesBelow(installed);
          const code = files.filter(path => path.endsWith('.js'));
          expect(code).to.include.members(targetsOf(manifest).map(path => path.slice('./'.length)));
          // What more than one entry point needs, and what is loaded later. A program shares much with the package that it comes with.
          expect(code.length).to.be.below(manifest.bin === undefined ? 10 : 60);
          // Types that no entry point leads to cannot be imported.
          const types = typesOfEntryPoints({ folder, manifest });
          expect(types).to.include.members(
            entryPoints({ folder: '', manifest }).map(entry => entry.types.replaceAll('\\', '/')),
          );
          expect(files).to.have.members(['LICENSE', 'README.md', 'package.json', ...code, ...types]);
          const bytes = files.reduce((sum, path) => sum + statSync(join(installed, path)).size, 0);
          sizes.set(manifest.name, { files: files.length, bytes });
        }
      });

      it('hold every class and function of the sources, each once', () => {
        for (const { folder, manifest } of packages) {
          const installed = join(consumer.path, 'node_modules', manifest.name, 'dist', 'src');
          const sources = textsBelow(join(folder, 'src'));
          expect(sources.length).to.be.above(0);
          expect(declarationsIn(textsBelow(installed, /\.js$/))).to.deep.equal(declarationsIn(sources));
        }
      });

      it('keep comments where editors show them, and licenses, and no others', () => {
        const read = (name: string, path: string): string =>
          readFileSync(join(consumer.path, 'node_modules', name, 'dist', 'src', path), 'utf8');
        expect(read('otel-fd-watch', 'options.d.ts')).to.include('/** ');
        expect(read('otel-node-vitals', 'page/index.js')).to.match(/^"use strict";\n\/\*!\nuPlot .*\n/);
        for (const { manifest } of packages) {
          const folder = join(consumer.path, 'node_modules', manifest.name, 'dist', 'src');
          const commented = filesBelow(folder)
            .filter(path => path.endsWith('.js'))
            .filter(path => /^\s*\/[/*](?!!)/m.test(readFileSync(join(folder, path), 'utf8')));
          expect(commented).to.deep.equal([]);
        }
      });

      it('export by require and by import what the modules of this repository do', async () => {
        const specifiers = packages
          .flatMap(product => entryPoints(product).map(({ specifier }) => specifier))
          .filter(specifier => specifier !== 'otel-node-vitals/register');
        expect(specifiers).to.have.lengthOf(12);
        const found = (await run('all-exports.cjs', { args: specifiers })) as Readonly<
          Record<string, unknown>
        >;
        for (const specifier of specifiers) {
          const kinds = Object.fromEntries(
            Object.entries(load(specifier) as object).map(([name, value]) => [name, typeof value]),
          );
          expect(Object.keys(kinds)).to.not.have.lengthOf(0);
          expect(found[specifier]).to.deep.equal({ required: kinds, imported: kinds, same: true });
        }
      });

      it('share what they keep, under the names of their classes', async () => {
        const { stack, files, classNames, ...shared } = (await run('shared-state.cjs')) as {
          readonly stack: string;
          readonly files: readonly string[];
          readonly classNames: readonly string[];
        };
        expect(Object.keys(shared)).to.have.lengthOf(8);
        expect(Object.entries(shared).filter(([, isShared]) => isShared !== true)).to.deep.equal([]);
        expect(classNames).to.deep.equal([
          'MemoryMetricsInstrumentation',
          'GcInstrumentation',
          'FdWatchInstrumentation',
          'Sampler',
        ]);
        // An application reads some twenty files, not a hundred.
        expect(files.length).to.be.within(11, 20);
        const [message, thrower, ...callers] = stack.split('\n');
        expect(message).to.equal(BAD_RATIO);
        const [, path = '', lineNumber = ''] = /\((.*):(\d+):\d+\)$/.exec(thrower ?? '') ?? [];
        expect(path.replaceAll('\\', '/')).to.match(/otel-runtime-kit\/dist\/src\/options\/index\.js$/);
        expect(readFileSync(path, 'utf8').split('\n')[Number(lineNumber) - 1]).to.match(/^throw /);
        expect(callers.join('\n')).to.match(
          /at new FdWatchInstrumentation \(.*otel-fd-watch.*index\.js:\d+:\d+\)/,
        );
      });

      it('are no more than 1 MB, otel-node-vitals and all that it needs', () => {
        const needed = ['otel-node-vitals', ...Object.keys(vitalsManifest.dependencies ?? {})];
        expect(needed).to.have.lengthOf(6);
        const bytes = needed.reduce((sum, name) => sum + sizes.get(name)!.bytes, 0);
        expect(bytes).to.be.within(100_000, 1_000_000);
      });

      it('work by require, and say what the kernel and V8 say', async () => {
        const said = (await run('load.cjs')) as {
          readonly [name: string]: number | string | null;
          readonly residentBytes: number;
        };
        expect(said['open']).to.equal(said['listed']);
        expect(said['heapLimitBytes']).to.equal(said['v8LimitBytes']);
        expect(said['gcPauses']).to.equal('observer');
        const { residentBytes, statusBytes } = said;
        // Elsewhere than on Linux there is no second source.
        if (typeof statusBytes !== 'number') expect(residentBytes).to.be.above(0);
        else expect(residentBytes).to.be.closeTo(statusBytes, 2 * 1024 * 1024);
      });

      it('work by import, by name, and are the same as by require', async () => {
        expect(await run('load.mjs')).to.deep.equal({ sameByName: true, sameByNamespace: true });
      });

      for (const flag of ['--require', '--import']) {
        it(`work by ${flag}`, async () => {
          const result = await run('preloaded.cjs', { nodeArgs: [flag, 'otel-fd-watch'] });
          expect(result).to.deep.equal({ preloaded: true, message: BAD_RATIO });
        });
      }

      for (const flag of ['--require', '--import']) {
        it(`work by ${flag} otel-node-vitals/register, which loads nothing into a script that is soon done`, async () => {
          const result = await run('preloaded.cjs', { nodeArgs: [flag, 'otel-node-vitals/register'] });
          expect(result).to.deep.equal({ preloaded: false, message: BAD_RATIO });
        });

        it(`work by ${flag} otel-node-vitals/register, which says where, and lets the process end`, async () => {
          const result = await runFixture(consumer.copy('until-told.cjs'), {
            cwd: consumer.path,
            nodeArgs: [flag, 'otel-node-vitals/register'],
            env: { OTEL_EXPORTER_PROMETHEUS_PORT: '0' },
          });
          expect(result.stderr).to.match(
            /^otel-node-vitals: metrics (http:\/\/127\.0\.0\.1:\d+)\/metrics, page \1\/\n$/,
          );
          expect(result).to.include({ code: 0, signal: null });
          const { status, names } = JSON.parse(result.stdout) as { status: number; names: string[] };
          expect(status).to.equal(200);
          expect(names).to.include.members(['process_memory_usage', 'vitals_heap_limit']);
        });
      }

      for (const mode of Object.keys(MODULE_MODES) as (keyof typeof MODULE_MODES)[]) {
        it(`have types for TypeScript, ${mode}`, () => {
          const files = MODULE_MODES[mode].extensions.flatMap(extension => [
            consumer.copy('right.mts', `right${extension}`),
            consumer.copy('wrong.mts', `wrong${extension}`),
          ]);
          const found = compileConsumer(consumer.path, files, mode);
          expect(found.map(line => line.split(' ', 2).join(' '))).to.have.members(
            files.flatMap(announcedErrors),
          );
        });
      }
    });
  }

  describe('beside Jest', () => {
    let consumer: ConsumerFolder;
    const jest = async (config: object, nodeArgs: string[] = []): Promise<string> => {
      const configFile = consumer.write('jest.config.json', JSON.stringify(config));
      const result = await runFixture(join(consumer.path, 'node_modules', 'jest', 'bin', 'jest.js'), {
        args: ['--config', configFile, '--runInBand', '--no-cache'],
        nodeArgs,
        cwd: consumer.path,
        timeoutMillis: 120_000,
      });
      expect(result.code, result.stderr).to.equal(0);
      return result.stderr;
    };
    before(async () => {
      consumer = new ConsumerFolder();
      await consumer.install(...tarballs.values(), '@opentelemetry/api@^1.9.0', 'jest@^30.5.0');
      consumer.copy('all.test.cjs');
      consumer.copy('fd-watch.test.cjs');
      consumer.copy('fd-watch.test.mjs');
    });
    after(() => {
      consumer.remove();
    });

    it('work as Jest comes, with Babel', async () => {
      expect(await jest({ testMatch: ['**/*.test.cjs'] })).to.match(/Tests: +2 passed, 2 total/);
    });

    it('work without Babel', async () => {
      expect(await jest({ testMatch: ['**/*.test.cjs'], transform: {} })).to.match(
        /Tests: +2 passed, 2 total/,
      );
    });

    it('work in a test that is an ES module', async () => {
      const summary = await jest({ testMatch: ['**/*.test.mjs'], transform: {} }, [
        '--experimental-vm-modules',
      ]);
      expect(summary).to.match(/Tests: +1 passed, 1 total/);
    });
  });
});

/** The files that the entry points of a package lead to. */
function targetsOf({ exports }: ProductPackage['manifest']): string[] {
  return Object.values(exports).flatMap(target => (typeof target === 'string' ? [] : [target.default]));
}

function textsBelow(folder: string, wanted = /./): string[] {
  return filesBelow(folder)
    .filter(path => wanted.test(path))
    .map(path => readFileSync(join(folder, path), 'utf8'));
}

/** The names of all classes, and of functions at the beginning of a line, sorted; as often as they are there. */
function declarationsIn(texts: readonly string[]): string[] {
  return texts
    .flatMap(text =>
      [...text.matchAll(/^(?:export )?(?:abstract )?((?:async )?function\*? \w+|class \w+)/gm)].map(
        ([, declaration]) => declaration ?? '',
      ),
    )
    .sort();
}

/** The files of types that a compiler reads of a package if all of its entry points are imported. */
function typesOfEntryPoints(product: ProductPackage): string[] {
  const program = ts.createProgram(
    entryPoints(product).map(({ types }) => types),
    { module: ts.ModuleKind.Node20, types: [], noEmit: true },
  );
  return program
    .getSourceFiles()
    .map(({ fileName }) => relative(product.folder, fileName).split(sep).join('/'))
    .filter(path => path.startsWith('dist/'));
}

/** The errors that the comments of a file announce, as `file:line TScode`. */
function announcedErrors(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      const code = /\/\/ (TS\d+)$/.exec(line)?.[1];
      return code === undefined ? [] : [`${basename(path)}:${index + 1} ${code}`];
    });
}
