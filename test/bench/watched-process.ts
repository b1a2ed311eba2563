/**
 * A process with an OpenTelemetry SDK, watched by all our instrumentations or by none, that can be put under several
 * kinds of load. Not one of `bench.ts`: that has loaded everything, and the bare process must not have loaded us.
 *
 * Arguments: the role (one of `ROLES`), its name, which begins with `bare` unless it is to be watched, and the folder from
 * which the SDK and our packages are loaded.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as Exporter from '@opentelemetry/exporter-prometheus';
import type * as Sdk from '@opentelemetry/sdk-metrics';
import type * as FdWatch from 'otel-fd-watch';
import type * as Gc from 'otel-gc-instrumentation';
import type * as Memory from 'otel-memory-metrics';
import { AllocatingWork } from './allocating-work.js';
import type { PreparedSetting } from './harness/benchmark.js';
import { sink } from './harness/candidate.js';
import { serveSetting } from './harness/remote-setting.js';
import { jsonService } from './json-service.js';
import type { MemoryFigures, Role, ServiceUsage, WorkFigures } from './watched-roles.js';

interface Application {
  readonly work: AllocatingWork;
  /** What a scrape does, without HTTP. */
  readonly scrape: () => Promise<void>;
}

function startApplication(watched: boolean, sampleIntervalMillis: number, modulesOf: string): Application {
  // Not `import()`: that would load Node's other module loader too, which takes memory of its own.
  const load = createRequire(join(modulesOf, 'from-here.js'));
  const { PrometheusExporter, PrometheusSerializer } = load(
    '@opentelemetry/exporter-prometheus',
  ) as typeof Exporter;
  const { MeterProvider } = load('@opentelemetry/sdk-metrics') as typeof Sdk;
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [exporter] });
  if (watched) {
    const { FdWatchInstrumentation } = load('otel-fd-watch') as typeof FdWatch;
    const { MemoryMetricsInstrumentation } = load('otel-memory-metrics') as typeof Memory;
    const { GcInstrumentation } = load('otel-gc-instrumentation') as typeof Gc;
    for (const Instrumentation of [FdWatchInstrumentation, MemoryMetricsInstrumentation, GcInstrumentation])
      new Instrumentation({ sampleIntervalMillis }).setMeterProvider(provider);
  }
  const serializer = new PrometheusSerializer();
  return {
    work: new AllocatingWork(),
    scrape: async () => {
      sink.latest = serializer.serialize((await exporter.collect()).resourceMetrics);
    },
  };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Garbage collections a second while `run` runs. The observer is gone again afterwards. */
async function collectionRate(run: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const observer = new PerformanceObserver(list => {
    count += list.getEntries().length;
  });
  observer.observe({ entryTypes: ['gc'] });
  const startMillis = performance.now();
  await run();
  const seconds = (performance.now() - startMillis) / 1000;
  observer.disconnect();
  return count / seconds;
}

async function allocating({ work }: Application, sliceMillis: number): Promise<PreparedSetting> {
  return {
    // Warms up as well, and spends what is saved up for measuring the collections of a start.
    facts: { collectionsPerSecond: await collectionRate(() => work.during(5_000)) },
    candidates: [
      {
        name: 'slice',
        measure: async () => {
          const startMillis = performance.now();
          const startCpu = cpuSeconds();
          const units = await work.during(sliceMillis);
          return {
            throughput: units / ((performance.now() - startMillis) / 1000),
            cpu: (cpuSeconds() - startCpu) / units,
          } satisfies WorkFigures;
        },
      },
    ],
  };
}

async function http(): Promise<PreparedSetting> {
  const server = jsonService();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  let busyBefore = performance.eventLoopUtilization();
  return {
    facts: { port: (server.address() as AddressInfo).port },
    candidates: [
      {
        name: 'usage',
        measure: () => {
          const { utilization } = performance.eventLoopUtilization(busyBefore);
          busyBefore = performance.eventLoopUtilization();
          return { cpu: cpuSeconds(), utilization } satisfies ServiceUsage;
        },
      },
    ],
  };
}

/** Means of the figures. */
function meanOf(figures: readonly MemoryFigures[]): MemoryFigures {
  const mean = (figure: keyof MemoryFigures): number =>
    figures.reduce((sum, each) => sum + each[figure], 0) / figures.length;
  return { resident: mean('resident'), anonymous: mean('anonymous') };
}

/** What /proc/self/status says of resident memory, in bytes. */
function residentMemory(): MemoryFigures {
  const status = readFileSync('/proc/self/status', 'utf8');
  const bytes = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
  return { resident: bytes('VmRSS'), anonymous: bytes('RssAnon') };
}

/** Idle but for a scrape a second. */
async function rest(application: Application, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i += 1) {
    await application.scrape();
    await sleep(1_000);
  }
}

function memory(application: Application): Promise<PreparedSetting> {
  const { work } = application;
  const rested = async (): Promise<MemoryFigures> => {
    await rest(application, 2);
    return residentMemory();
  };
  return Promise.resolve({
    facts: {},
    candidates: [
      { name: 'at rest', measure: rested },
      {
        name: 'under load',
        measure: async () => {
          await work.units(1_000);
          const figures: MemoryFigures[] = [];
          for (let i = 0; i < 40; i += 1) {
            await work.units(75);
            figures.push(residentMemory());
          }
          return meanOf(figures);
        },
      },
      { name: 'after load', measure: rested },
      {
        name: 'collected',
        measure: () => {
          for (let i = 0; i < 3; i += 1) globalThis.gc?.();
          return residentMemory();
        },
      },
      {
        // Half a minute of it, with scrapes, and no rest after it.
        name: 'steady load',
        measure: async () => {
          for (let i = 0; i < 30; i += 1) {
            await work.during(700);
            await application.scrape();
            await sleep(300);
          }
          return residentMemory();
        },
      },
    ],
  });
}

/** CPU time per collection, which is forced, with some garbage to collect, at a moderate rate. */
function collections(): Promise<PreparedSetting> {
  const COUNT = 30;
  return Promise.resolve({
    facts: {},
    candidates: [
      {
        name: 'collection',
        measure: async () => {
          const startCpu = cpuSeconds();
          for (let i = 0; i < COUNT; i += 1) {
            sink.latest = Array.from({ length: 2_000 }, (_, index) => ({ index }));
            globalThis.gc?.({ type: 'minor' });
            await sleep(20);
          }
          return (cpuSeconds() - startCpu) / COUNT;
        },
      },
    ],
  });
}

const ROLES: Readonly<Record<Role, (application: Application) => Promise<PreparedSetting>>> = {
  allocating: application => allocating(application, 1_000),
  http,
  memory,
  collections,
};

async function main(role: Role, name: string, modulesOf: string): Promise<void> {
  process.on('disconnect', () => process.exit(0));
  // More often than the default where memory is looked at: what a tick leaves behind is there five times as soon.
  const sampleIntervalMillis = role === 'memory' ? 1_000 : 5_000;
  const application = startApplication(!name.startsWith('bare'), sampleIntervalMillis, modulesOf);
  serveSetting(await ROLES[role](application));
}

void main(process.argv[2] as Role, process.argv[3] ?? '', process.argv[4] ?? __dirname);
