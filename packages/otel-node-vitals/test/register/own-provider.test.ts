import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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
  const settingsOf = (exporters: string) =>
    readSettings({ OTEL_METRICS_EXPORTER: exporters }, message => said.push(message));
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
      await own.provider.shutdown().finally(() => Object.assign(console, { log, dir }));
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
      folder.add(
        'node_modules/@opentelemetry/exporter-metrics-otlp-proto/index.js',
        `exports.OTLPMetricExporter = class {
          constructor(config) { globalThis.otlpConfig = config; }
          export(_, done) { done({ code: 0 }); }
          async forceFlush() {}
          async shutdown() {}
        };`,
      );
      const application = finderIn([folder.path, repositoryRoot]);
      const settings = readSettings(
        { OTEL_METRICS_EXPORTER: 'otlp', OTEL_METRIC_EXPORT_INTERVAL: '900' },
        message => said.push(message),
      );
      await makeOwnProvider(settings, application, notices)!.provider.shutdown();
      expect(said).to.deep.equal([]);
      expect(Reflect.get(globalThis, 'otlpConfig')).to.deep.equal({ timeoutMillis: 450 });
    } finally {
      Reflect.deleteProperty(globalThis, 'otlpConfig');
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
      await own!.provider.shutdown();
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
