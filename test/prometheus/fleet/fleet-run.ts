import { cpus, loadavg, totalmem } from 'node:os';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseQuery } from 'example-prometheus-grafana/dist/src/query/named-series.js';
import { production } from 'example-prometheus-grafana/dist/src/rules/pace.js';
import { ruleFile, vitalsRules } from 'example-prometheus-grafana/dist/src/rules/rule-files.js';
import type { LoadedRule, PrometheusApi } from '../prometheus-api.js';
import { RunningPrometheus } from '../running-prometheus.js';
import { FleetServer } from './fleet-server.js';
import { templateOf } from './instance-text.js';
import { realScrape } from './real-scrape.js';

/** How large a fleet, and how long it is looked at. */
export interface FleetOptions {
  readonly instances: number;
  readonly jobs: number;
  readonly scrapeSeconds: number;
  /** What there is to look back on before rules are evaluated: the longest window of a rule. */
  readonly historySeconds: number;
  /** How many times as fast as time itself the history goes by. */
  readonly historySpeed: number;
  readonly evaluations: number;
  readonly onProgress: (line: string) => void;
}

/** What one rule takes, over some evaluations. */
export interface RuleCost {
  readonly name: string;
  readonly type: LoadedRule['type'];
  /** Series that its selectors choose; each selector on its own. */
  readonly seriesIn: number;
  readonly seriesOut: number;
  readonly medianSeconds: number;
  readonly maximumSeconds: number;
  /** Processor time that its query takes when nothing else is asked for, whatever else the machine has to do. */
  readonly cpuSeconds: number;
}

/** What a fleet costs. */
export interface FleetCost {
  readonly options: FleetOptions;
  readonly machine: string;
  readonly version: string;
  readonly evaluations: number;
  readonly seriesPerInstance: number;
  readonly headSeries: number;
  readonly recordedSeries: number;
  readonly residentBytes: number;
  /** Of one core, scrapes included. */
  readonly cpuShare: number;
  /** How many wanted a core on average meanwhile, by the load of the machine. */
  readonly load: number;
  readonly rules: readonly RuleCost[];
}

/** Scrapes a generated fleet with a real Prometheus and measures its rules. Takes some minutes. */
export async function measureFleet(options: FleetOptions): Promise<FleetCost> {
  const { instances, jobs, scrapeSeconds, historySeconds, historySpeed, onProgress } = options;
  onProgress('a scrape of a real process');
  const template = templateOf(await realScrape());
  const server = new FleetServer(template, instances);
  await server.start();
  let prometheus: RunningPrometheus | undefined;
  try {
    const scrapes = server.jobs(jobs);
    const beginMillis = Date.now();
    const endSeconds = beginMillis / 1_000 + historySeconds / (historySpeed - 1);
    // A past that goes by faster than the present, until it has caught up.
    server.pastTime = () => {
      const passedSeconds = (Date.now() - beginMillis) / 1_000;
      const atSeconds = beginMillis / 1_000 - historySeconds + historySpeed * passedSeconds;
      return Date.now() / 1_000 < endSeconds ? atSeconds : undefined;
    };
    prometheus = await RunningPrometheus.start({
      scrapeInterval: `${Math.round((1_000 * scrapeSeconds) / historySpeed)}ms`,
      scrapes,
      // What is older than half a block is not taken.
      flags: ['--storage.tsdb.min-block-duration=6h', '--storage.tsdb.max-block-duration=6h'],
    });
    const { api } = prometheus;
    while (Date.now() / 1_000 < endSeconds) {
      await sleep(Math.min(30_000, Math.max(100, 1_000 * endSeconds - Date.now())));
      const series = await api.ownMetric('prometheus_tsdb_head_series');
      onProgress(`${Math.round(endSeconds - Date.now() / 1_000)} s to go until now; ${series} series`);
    }
    await prometheus.reconfigure({
      scrapeInterval: `${scrapeSeconds}s`,
      scrapes,
      ruleFiles: { 'vitals.rules.yml': ruleFile(vitalsRules(production), production, 'exporter') },
    });
    // Every target has been scraped in the present once.
    await sleep(1_000 * scrapeSeconds);
    return await watched(prometheus, options, template.lines.length);
  } finally {
    await prometheus?.stop();
    server.stop();
  }
}

async function watched(
  prometheus: RunningPrometheus,
  options: FleetOptions,
  seriesPerInstance: number,
): Promise<FleetCost> {
  const { api } = prometheus;
  const times = new Map<string, Map<string, number>>();
  const cpuBefore = await api.ownMetric('process_cpu_seconds_total');
  const beginMillis = Date.now();
  let rules: LoadedRule[] = [];
  const loads: number[] = [];
  const evaluated = (): number => Math.min(...[...times.values()].map(({ size }) => size), Infinity);
  const endMillis = beginMillis + 2_000 * production.evaluationSeconds * options.evaluations;
  while ((times.size === 0 || evaluated() < options.evaluations) && Date.now() < endMillis) {
    await sleep(5_000);
    loads.push(loadavg()[0] ?? NaN);
    rules = await api.rules();
    for (const [index, { name, evaluationTime, lastEvaluation, health, lastError }] of rules.entries()) {
      if (health === 'err') throw new Error(`${name}: ${lastError ?? ''}`);
      if (health !== 'ok') continue;
      const key = `${index} ${name}`;
      times.set(key, (times.get(key) ?? new Map<string, number>()).set(lastEvaluation, evaluationTime));
    }
    options.onProgress(`${evaluated()} evaluations of ${options.evaluations}`);
  }
  const cpuSeconds = (await api.ownMetric('process_cpu_seconds_total')) - cpuBefore;
  const cpuShare = cpuSeconds / ((Date.now() - beginMillis) / 1_000);
  const headSeries = await api.ownMetric('prometheus_tsdb_head_series');
  const residentBytes = residentBytesOf(prometheus.pid);
  const recordedSeries = await countOf(api, '{__name__=~".+:.+"}');
  const measured: Omit<RuleCost, 'cpuSeconds'>[] = [];
  for (const [index, rule] of rules.entries()) {
    const { name, type, query } = rule;
    const seconds = [...(times.get(`${index} ${name}`)?.values() ?? [])];
    measured.push({
      name,
      type,
      seriesIn: await seriesOf(api, query),
      seriesOut: await countOf(api, type === 'recording' ? name : `ALERTS{alertname="${name}"}`),
      medianSeconds: median(seconds),
      maximumSeconds: Math.max(...seconds),
    });
  }
  options.onProgress('each query alone');
  const atSeconds = Date.now() / 1_000;
  // Nothing is scraped or evaluated any more: what the process still does is the query.
  await prometheus.reconfigure({ scrapeInterval: '1h', scrapes: [] });
  await sleep(SETTLING_MILLIS);
  const costs: RuleCost[] = [];
  for (const [index, { query }] of rules.entries()) {
    costs.push({ ...measured[index]!, cpuSeconds: await cpuSecondsOf(prometheus, query, atSeconds) });
  }
  return {
    options,
    machine: machineInWords(),
    version: await versionOf(api),
    evaluations: evaluated(),
    seriesPerInstance,
    headSeries,
    recordedSeries,
    residentBytes,
    cpuShare,
    load: median(loads),
    rules: costs,
  };
}

/** The end of scrapes takes a while: each series is told that it has ended. */
const SETTLING_MILLIS = 10_000;

const REPETITIONS = 3;

async function cpuSecondsOf(
  { api, pid }: RunningPrometheus,
  query: string,
  atSeconds: number,
): Promise<number> {
  const before = processorSecondsOf(pid);
  for (let time = 0; time < REPETITIONS; time += 1) await api.query(query, atSeconds);
  return (processorSecondsOf(pid) - before) / REPETITIONS;
}

/** In user and in system mode, by the kernel, which counts a hundred ticks a second. */
function processorSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function seriesOf(api: PrometheusApi, query: string): Promise<number> {
  let count = 0;
  for (const { name, matchers } of parseQuery(query).series) {
    const text = matchers.map(({ label, operator, value }) => `${label}${operator}"${value}"`).join(',');
    count += await countOf(api, `${name}{${text}}`);
  }
  return count;
}

async function countOf(api: PrometheusApi, selector: string): Promise<number> {
  return (await api.query(`count(${selector})`))[0]?.value ?? 0;
}

async function versionOf(api: PrometheusApi): Promise<string> {
  const response = await fetch(`${api.url}/api/v1/status/buildinfo`);
  return ((await response.json()) as { data: { version: string } }).data.version;
}

function residentBytesOf(pid: number): number {
  return 1_024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

function machineInWords(): string {
  const gibibytes = Math.round(totalmem() / 1_024 ** 3);
  return `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${gibibytes} GiB of memory`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
