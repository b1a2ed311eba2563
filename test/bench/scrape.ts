import { Agent } from 'node:http';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { FdWatchInstrumentation } from 'otel-fd-watch';
import { Registry } from 'prom-client';
import { RecordingMeterProvider } from 'test-helpers/recording-meter';
import type {
  Benchmark,
  BenchmarkContext,
  BenchmarkResult,
  Comparison,
  Measurement,
  PreparedSetting,
  Target,
} from './harness/benchmark.js';
import { sink, timed, timedAsync } from './harness/candidate.js';
import type { Candidate } from './harness/candidate.js';
import { formatPlain } from './harness/format-number.js';
import { interleaveGenerations } from './harness/generations.js';
import { median } from './harness/statistics.js';
import { cellName } from './harness/timings.js';
import type { Timings } from './harness/timings.js';
import { fetchBody, requestFor } from './http-load.js';
import { OpenDescriptors } from './open-descriptors.js';
import {
  callbacksOf,
  countSamples,
  defaultMetrics,
  exporterServer,
  registryServer,
} from './scrape-servers.js';

const FEW = 'as it is';
const MANY = '5,000 opened';

const OURS_HTTP = 'ours over HTTP';
const PEER_HTTP = 'prom-client over HTTP';
const OURS_TEXT = 'our text';
const PEER_TEXT = "prom-client's text";
const EMPTY_EXPORTER = 'empty exporter';
const EMPTY_PEER = 'empty prom-client';
const COLLECT = 'collect';
const SERIALIZE = 'serialize';
const CALLBACKS = 'callbacks';

/** Shorter than a time slice of the kernel's scheduler: on a busy machine many batches still get through undisturbed. */
const BATCH_MILLIS = 4;

/** The same candidate once more, for the A/A control. */
const again = (candidate: string): string => `${candidate} again`;

async function prepare(count: number, quick: boolean): Promise<PreparedSetting> {
  new OpenDescriptors().hold(count);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const watch = new FdWatchInstrumentation();
  const ours = await exporterServer(provider => {
    watch.setMeterProvider(provider);
  });
  const bareExporter = await exporterServer(() => {});
  const registry = defaultMetrics();
  const peer = await registryServer(registry);
  const barePeer = await registryServer(new Registry());
  // The first scan by kind, in slices, and what it may have to warn of.
  await sleep(300);
  // The HTTP client and server take a thousand requests until they are compiled.
  for (const url of [ours.url, peer, bareExporter.url, barePeer])
    await requestFor(quick ? 200 : 500, url, agent, 1);

  const serializer = new PrometheusSerializer();
  const { resourceMetrics } = await ours.collect();
  const recorded = new RecordingMeterProvider();
  new FdWatchInstrumentation().setMeterProvider(recorded);
  const whole: Readonly<Record<string, () => Promise<unknown>>> = {
    [OURS_HTTP]: () => fetchBody(ours.url, agent),
    [PEER_HTTP]: () => fetchBody(peer, agent),
    // Each with a turn of the event loop behind it: prom-client puts some of its work off until then.
    [OURS_TEXT]: async () => {
      sink.latest = serializer.serialize((await ours.collect()).resourceMetrics);
      await nextTurn();
    },
    [PEER_TEXT]: async () => {
      sink.latest = await registry.metrics();
      await nextTurn();
    },
  };
  // Where the time goes; the same for any number of descriptors.
  const parts: Readonly<Record<string, () => Promise<unknown>>> = {
    [EMPTY_EXPORTER]: () => fetchBody(bareExporter.url, agent),
    [EMPTY_PEER]: () => fetchBody(barePeer, agent),
    [COLLECT]: () => ours.collect(),
  };
  const asynchronous = (name: string, step: () => Promise<unknown>): Candidate =>
    timedAsync(name, BATCH_MILLIS, step);
  return {
    candidates: [
      ...Object.entries(whole).map(([name, step]) => asynchronous(name, step)),
      ...[OURS_HTTP, OURS_TEXT].map(name => asynchronous(again(name), whole[name]!)),
      ...(count > 0
        ? []
        : [
            ...Object.entries(parts).map(([name, step]) => asynchronous(name, step)),
            timed(SERIALIZE, BATCH_MILLIS, () => serializer.serialize(resourceMetrics)),
            timed(CALLBACKS, BATCH_MILLIS, callbacksOf(recorded)),
          ]),
    ],
    facts: {
      ours: countSamples(await fetchBody(ours.url, agent)),
      peer: countSamples(await fetchBody(peer, agent)),
    },
  };
}

const settings = new Map([
  [FEW, ({ quick }: { quick: boolean }) => prepare(0, quick)],
  [MANY, ({ quick }: { quick: boolean }) => prepare(5_000, quick)],
]);

/** Whose the time of one of our scrapes is. */
function shares(timings: Timings): string {
  const typical = (candidate: string): number => median(timings.of(cellName(FEW, candidate)));
  const percent = (seconds: number): string => `${formatPlain((seconds / typical(OURS_HTTP)) * 100)} %`;
  return [
    `${FEW}: of one of our scrapes over HTTP, ${percent(typical(CALLBACKS))} are our callbacks`,
    `${percent(typical(COLLECT) - typical(CALLBACKS))} the SDK's collection around them`,
    `${percent(typical(SERIALIZE))} the exporter's serialisation`,
    `${percent(typical(EMPTY_EXPORTER))} what an empty scrape costs.`,
  ].join(', ');
}

async function run(context: BenchmarkContext): Promise<BenchmarkResult> {
  const { timings, facts } = await interleaveGenerations(context, [FEW, MANY], {
    generations: context.quick ? 1 : 3,
    rounds: context.quick ? 15 : 51,
    warmUpRounds: context.quick ? 8 : 15,
  });
  const samplesOf = (setting: string): { ours: number; peer: number } => ({
    ours: Number(facts(setting)['ours']),
    peer: Number(facts(setting)['peer']),
  });
  const compare = (setting: string, what: string, names: { ours: string; peer: string }): Comparison[] => {
    const { ours, peer } = samplesOf(setting);
    const plan = {
      numerator: cellName(setting, names.ours),
      denominator: cellName(setting, names.peer),
      control: [cellName(setting, again(names.ours)), cellName(setting, names.ours)],
    } as const;
    return [
      timings.comparison({
        ...plan,
        what: `${setting}: a sample ${what}, ours ÷ prom-client`,
        factor: peer / ours,
      }),
      timings.comparison({ ...plan, what: `${setting}: a whole scrape ${what}, ours ÷ prom-client` }),
    ];
  };
  const overHttp = { ours: OURS_HTTP, peer: PEER_HTTP };
  const textOnly = { ours: OURS_TEXT, peer: PEER_TEXT };
  const comparisons = [FEW, MANY].flatMap(setting => [
    ...compare(setting, 'over HTTP', overHttp),
    ...compare(setting, 'without HTTP', textOnly),
  ]);
  const rows = (setting: string): Measurement[] => {
    const { ours, peer } = samplesOf(setting);
    const row = (what: string, candidate: string, factor = 1): Measurement =>
      timings.measurement(`${setting}: ${what}`, cellName(setting, candidate), 's', factor);
    return [
      row('a scrape over HTTP, ours', OURS_HTTP),
      row('a scrape over HTTP, prom-client', PEER_HTTP),
      row('a sample over HTTP, ours', OURS_HTTP, 1 / ours),
      row('a sample over HTTP, prom-client', PEER_HTTP, 1 / peer),
      row('the text without HTTP, ours', OURS_TEXT),
      row('the text without HTTP, prom-client', PEER_TEXT),
      row('a sample without HTTP, ours', OURS_TEXT, 1 / ours),
      row('a sample without HTTP, prom-client', PEER_TEXT, 1 / peer),
    ];
  };
  const part = (what: string, candidate: string): Measurement =>
    timings.measurement(`${FEW}: ${what}`, cellName(FEW, candidate));
  const target = (what: string, { ratio }: Comparison): Target => ({
    what,
    wanted: '≤ 1',
    measured: formatPlain(ratio.median),
    met: ratio.median <= 1,
  });
  return {
    measurements: [
      ...rows(FEW),
      part('an empty scrape over HTTP, the exporter', EMPTY_EXPORTER),
      part('an empty scrape over HTTP, prom-client', EMPTY_PEER),
      timings.difference(
        `${FEW}: a sample over HTTP above the empty scrape, ours`,
        cellName(FEW, OURS_HTTP),
        cellName(FEW, EMPTY_EXPORTER),
        1 / samplesOf(FEW).ours,
      ),
      timings.difference(
        `${FEW}: a sample over HTTP above the empty scrape, prom-client`,
        cellName(FEW, PEER_HTTP),
        cellName(FEW, EMPTY_PEER),
        1 / samplesOf(FEW).peer,
      ),
      part('of ours, collection by the SDK (with our callbacks)', COLLECT),
      part('of ours, our callbacks alone', CALLBACKS),
      part("of ours, the exporter's serialisation", SERIALIZE),
      ...rows(MANY),
    ],
    comparisons,
    targets: [
      target('a sample of a whole scrape over HTTP, ours ÷ prom-client', comparisons[0]!),
      target('a sample of a whole scrape without HTTP, ours ÷ prom-client', comparisons[2]!),
    ],
    notes: [
      ...[FEW, MANY].map(setting => {
        const { ours, peer } = samplesOf(setting);
        return `${setting}: a scrape of ours has ${ours} samples (lines with a number), prom-client's has ${peer}.`;
      }),
      shares(timings),
      'What a request costs by itself (the empty scrapes) is about the same for both, and weighs more on the one with fewer samples.',
      'Client and server share the process and its event loop, over one kept-alive loopback connection each; both sides pay for it alike. Everything is warm; a scrape every 15 s takes longer on both sides.',
      "Our callbacks read a finished snapshot; prom-client's collectors take their readings at the scrape, which is what grows with the descriptors.",
    ],
  };
}

export const scrape: Benchmark = {
  name: 'scrape',
  title: 'a whole Prometheus scrape',
  description:
    "`otel-fd-watch` with its defaults through the real `PrometheusExporter`, against prom-client's default metrics behind an HTTP server, in one process.",
  run,
  settings,
};
