import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { SDK_LINES, whyNotHere } from 'test-helpers/sdk-line';
import type { SdkLine } from 'test-helpers/sdk-line';
import { repositoryRoot } from 'test-helpers/repository';
import { skipBecause } from 'test-helpers/skip-because';
import { applicationModules, finderIn } from '../../src/register/application-modules.js';
import { makeOwnProvider } from '../../src/register/own-provider.js';
import { packageOf } from '../../src/register/sdk-parts.js';
import { readSettings } from '../../src/register/settings.js';

/** Folders with packages that are made up. */
class Folder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'application-')));

  add(path: string, text: string): string {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Tells what it was made with, and the names of the metrics that it is given. */
const MADE_UP_EXPORTER = `exports.OTLPMetricExporter = class {
  constructor(config) { globalThis.otlpConfig = config; }
  export({ scopeMetrics }, done) {
    for (const { metrics } of scopeMetrics) globalThis.otlpNames?.push(...metrics.map(({ descriptor }) => descriptor.name));
    done({ code: 0 });
  }
  async forceFlush() {}
  async shutdown() {}
};`;

describe('the modules of the application', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => {
    folder.remove();
  });

  it('are found beside the main file, then in what it links to, each with its own neighbours', () => {
    folder.add('a/node_modules/one/index.js', 'module.exports = "one of a";');
    folder.add('a/node_modules/one/node_modules/two/index.js', 'module.exports = "two of one";');
    const main = folder.add('a/main.js', '');
    symlinkSync(main, join(folder.path, 'link.js'));
    for (const file of [main, join(folder.path, 'link.js')]) {
      const found = applicationModules(file).load('one');
      expect(found?.exports).to.equal('one of a');
      expect(found?.neighbours.load('two')?.exports).to.equal('two of one');
    }
    expect(applicationModules(join(folder.path, 'gone.js')).load('one')).to.equal(undefined);
  });

  it('are found by the folders in their order, and are undefined where there is none', () => {
    folder.add('a/node_modules/one/index.js', 'module.exports = "one of a";');
    folder.add('b/node_modules/one/index.js', 'module.exports = "one of b";');
    const [a, b] = [join(folder.path, 'a'), join(folder.path, 'b')];
    expect(finderIn([b, a]).load('one')?.exports).to.equal('one of b');
    expect(finderIn([folder.path, a]).load('one')?.exports).to.equal('one of a');
    expect(finderIn([folder.path]).load('one')).to.equal(undefined);
    expect(applicationModules(undefined).load('mocha')).to.not.equal(undefined);
  });
});

describe('our own meter provider', () => {
  let said: string[] = [];
  const notices = {
    warn: (message: string): void => {
      said.push(message);
    },
    inform() {},
  };
  const settingsOf = (exporters: string, more: Record<string, string> = {}) =>
    readSettings({ OTEL_METRICS_EXPORTER: exporters, ...more }, message => said.push(message));
  beforeEach(() => {
    said = [];
  });

  for (const line of [2, 3] as const satisfies SdkLine[]) {
    it(`is made with the application's SDK ${line}.x`, async function () {
      const reason = whyNotHere(line);
      if (reason !== undefined) skipBecause(this, reason);
      const application = finderIn([join(repositoryRoot, 'test', SDK_LINES[line].workspace)]);
      const own = makeOwnProvider(settingsOf('prometheus,console'), application, notices)!;
      expect(said).to.deep.equal([]);
      own.provider.getMeter('m').createCounter('c').add(3);
      const text = await new Promise<string>(resolve => {
        own.prometheus!.getMetricsRequestHandler(
          {} as never,
          { setHeader() {}, end: resolve, statusCode: 0 } as never,
        );
      });
      expect(text).to.match(/^c_total\{otel_scope_name="m"\} 3$/m);
      // Pushed as well: then the process has an id of its own.
      expect(text).to.match(/^target_info\{.*service_instance_id="/m);
      // Its console exporter would print what is flushed.
      const { log, dir } = console;
      console.dir = console.log = () => {};
      await own.shutdown().finally(() => Object.assign(console, { log, dir }));
    });
  }

  it('is not made where no exporter is installed, which is said with the command that helps', () => {
    const folder = new Folder();
    try {
      const own = makeOwnProvider(settingsOf('prometheus,otlp'), finderIn([folder.path]), notices);
      expect(own).to.equal(undefined);
      expect(said).to.deep.equal([
        'no metrics are exported by @opentelemetry/exporter-prometheus and @opentelemetry/exporter-metrics-otlp-proto, ' +
          'which is not installed: npm install @opentelemetry/exporter-prometheus @opentelemetry/exporter-metrics-otlp-proto',
      ]);
    } finally {
      folder.remove();
    }
  });

  it('is not made of an SDK that is too old, or of a module that throws, which is said in one line', () => {
    const folder = new Folder();
    try {
      const name = '@opentelemetry/exporter-prometheus';
      folder.add(`old/node_modules/${name}/index.js`, 'exports.PrometheusExporter = class {};');
      folder.add(
        'old/node_modules/@opentelemetry/sdk-metrics/index.js',
        'for (const name of ["MeterProvider", "PeriodicExportingMetricReader", "ConsoleMetricExporter"]) exports[name] = class {};',
      );
      folder.add('old/node_modules/@opentelemetry/resources/index.js', 'exports.Resource = class {};');
      folder.add(`broken/node_modules/${name}/index.js`, 'throw new Error("no good");');
      for (const application of ['old', 'broken']) {
        makeOwnProvider(settingsOf('prometheus'), finderIn([join(folder.path, application)]), notices);
      }
      expect(said).to.deep.equal([
        `${name} could not be used: ${name} is not of OpenTelemetry SDK 2.x or later`,
        `${name} could not be used: no good`,
      ]);
    } finally {
      folder.remove();
    }
  });

  it('gives an exporter that pushes less time than lies between two pushes', async () => {
    const folder = new Folder();
    try {
      folder.add('node_modules/@opentelemetry/exporter-metrics-otlp-proto/index.js', MADE_UP_EXPORTER);
      const application = finderIn([folder.path, repositoryRoot]);
      for (const flushGuard of ['true', 'false']) {
        const settings = settingsOf('otlp', {
          OTEL_METRIC_EXPORT_INTERVAL: '900',
          OTEL_NODE_VITALS_FLUSH_GUARD: flushGuard,
          OTEL_FLUSH_GUARD_DIR: join(folder.path, 'spool'),
        });
        await makeOwnProvider(settings, application, notices)!.shutdown();
        expect(said).to.deep.equal([]);
        expect(Reflect.get(globalThis, 'otlpConfig')).to.deep.equal({ timeoutMillis: 450 });
      }
    } finally {
      Reflect.deleteProperty(globalThis, 'otlpConfig');
      folder.remove();
    }
  });

  it('has what it pushes by OTLP go through a flush guard, unless that is switched off, and gives everything back', async () => {
    const folder = new Folder();
    try {
      folder.add('node_modules/@opentelemetry/exporter-metrics-otlp-proto/index.js', MADE_UP_EXPORTER);
      const application = finderIn([folder.path, repositoryRoot]);
      const listeners = (): number[] =>
        ['SIGTERM', 'beforeExit', 'exit'].map(name => process.listenerCount(name));
      const before = listeners();
      for (const [flushGuard, guards] of [
        ['true', 1],
        ['false', 0],
      ] as const) {
        const dir = join(folder.path, `spool-${flushGuard}`);
        const names: string[] = [];
        Reflect.set(globalThis, 'otlpNames', names);
        const environment = { OTEL_NODE_VITALS_FLUSH_GUARD: flushGuard, OTEL_FLUSH_GUARD_DIR: dir };
        const own = makeOwnProvider(settingsOf('otlp', environment), application, notices)!;
        expect(listeners()[0]! - before[0]!).to.equal(guards);
        expect(existsSync(dir)).to.equal(guards === 1);
        own.provider.getMeter('m').createCounter('c').add(3);
        await own.shutdown();
        expect(names).to.deep.equal(['c']);
        expect(listeners()).to.deep.equal(before);
      }
      expect(said).to.deep.equal([]);
    } finally {
      for (const name of ['otlpConfig', 'otlpNames']) Reflect.deleteProperty(globalThis, name);
      folder.remove();
    }
  });

  it('makes no flush guard for what is scraped or printed', async () => {
    const folder = new Folder();
    const { log, dir } = console;
    try {
      const spool = join(folder.path, 'spool');
      const before = process.listenerCount('SIGTERM');
      const settings = settingsOf('prometheus,console', { OTEL_FLUSH_GUARD_DIR: spool });
      const own = makeOwnProvider(settings, finderIn([repositoryRoot]), notices)!;
      expect(process.listenerCount('SIGTERM')).to.equal(before);
      console.dir = console.log = () => {};
      await own.shutdown();
      expect(existsSync(spool)).to.equal(false);
    } finally {
      Object.assign(console, { log, dir });
      folder.remove();
    }
  });

  it('finds exporters that only NodeSDK can see', async () => {
    const folder = new Folder();
    try {
      folder.add('node_modules/@opentelemetry/sdk-node/index.js', '');
      mkdirSync(join(folder.path, 'node_modules/@opentelemetry/sdk-node/node_modules/@opentelemetry'), {
        recursive: true,
      });
      symlinkSync(
        join(repositoryRoot, 'node_modules/@opentelemetry/exporter-prometheus'),
        join(
          folder.path,
          'node_modules/@opentelemetry/sdk-node/node_modules/@opentelemetry/exporter-prometheus',
        ),
      );
      const own = makeOwnProvider(settingsOf('prometheus'), finderIn([folder.path]), notices);
      expect(said).to.deep.equal([]);
      await own!.shutdown();
    } finally {
      folder.remove();
    }
  });

  it('is made of the package that the protocol asks for', () => {
    expect(
      (['grpc', 'http/protobuf', 'http/json'] as const).map(protocol => packageOf('otlp', protocol)),
    ).to.deep.equal([
      '@opentelemetry/exporter-metrics-otlp-grpc',
      '@opentelemetry/exporter-metrics-otlp-proto',
      '@opentelemetry/exporter-metrics-otlp-http',
    ]);
    expect(packageOf('console', 'grpc')).to.equal('@opentelemetry/sdk-metrics');
  });
});
