import { catalogue } from 'example-prometheus-grafana/dist/src/catalogue/catalogue.js';
import { sampleNames } from 'example-prometheus-grafana/dist/src/catalogue/spelling.js';
import type { Spelling } from 'example-prometheus-grafana/dist/src/catalogue/spelling.js';
import { parseQuery } from 'example-prometheus-grafana/dist/src/query/named-series.js';
import type { NamedSeries } from 'example-prometheus-grafana/dist/src/query/named-series.js';
import { unknownName } from 'example-prometheus-grafana/dist/src/query/nearest.js';
import type { AskedQuery } from './asked-queries.js';
import type { PrometheusApi } from './prometheus-api.js';

/** A selector that finds nothing. */
export interface MissingSeries {
  readonly where: string;
  readonly selector: string;
  readonly name: string;
  /** What exactly is not there, with the nearest that is. */
  readonly problem: string;
}

/** Every selector of these queries that finds nothing in what has been scraped and recorded during the last ten minutes. */
export async function missingSeries(
  api: PrometheusApi,
  asked: readonly AskedQuery[],
): Promise<MissingSeries[]> {
  const names = await api.seriesNames();
  const found = new Map<string, string | undefined>();
  const missing: MissingSeries[] = [];
  for (const { where, query } of asked) {
    for (const series of parseQuery(query).series) {
      const selector = selectorOf(series);
      if (!found.has(selector)) found.set(selector, await problemOf(api, series, names));
      const problem = found.get(selector);
      if (problem !== undefined) missing.push({ where, selector, name: series.name, problem });
    }
  }
  return missing;
}

async function problemOf(
  api: PrometheusApi,
  series: NamedSeries,
  names: readonly string[],
): Promise<string | undefined> {
  if (await exists(api, series)) return undefined;
  const { name, matchers } = series;
  if (!names.includes(name)) return unknownName('series', name, names);
  for (const matcher of matchers) {
    if (await exists(api, { name, matchers: [matcher] })) continue;
    const { label, operator, value } = matcher;
    const existing = await api.rawSamples(`${name}[10m]`);
    const values = new Set(existing.flatMap(({ labels }) => labels[label] ?? []));
    if (values.size === 0) {
      return unknownName(
        `label of ${name}`,
        label,
        new Set(existing.flatMap(one => Object.keys(one.labels))),
      );
    }
    return `${unknownName(`value of ${label} of ${name}`, value, values)} (asked for with ${operator})`;
  }
  return `no series of ${name} has all of these labels`;
}

async function exists(api: PrometheusApi, series: NamedSeries): Promise<boolean> {
  return (await api.query(`count(last_over_time(${selectorOf(series)}[10m]))`)).length > 0;
}

function selectorOf({ name, matchers }: NamedSeries): string {
  return `${name}{${matchers.map(({ label, operator, value }) => `${label}${operator}"${value}"`).join(',')}}`;
}

/** What a machine has, as far as it decides which metrics there can be. */
export interface Surroundings {
  readonly spelling: Spelling;
  /** Of the memory cgroup that the process is in; undefined: it is in none. */
  readonly cgroupVersion: 1 | 2 | undefined;
}

/** Why a series cannot be in a scrape of this machine; undefined if it can, so that its absence is a fault. */
export function whyAbsent(name: string, { spelling, cgroupVersion }: Surroundings): string | undefined {
  if (name === 'ALERTS') return 'alerts of that state and severity come and go';
  const metric = catalogue.find(one => sampleNames(one, spelling).includes(name));
  if (metric === undefined) return undefined;
  if (metric.optIn !== undefined) return `off by default (option ${metric.optIn})`;
  if (metric.name === 'vitals.sampler.errors') return 'there is none before the first reading that fails';
  const { name: ours } = metric;
  if (ours === 'vitals.container.memory.stall.time' && cgroupVersion !== 2) return 'only cgroup v2 has it';
  const needsCgroup = ours.startsWith('container.') || ours === 'vitals.container.memory.events';
  return needsCgroup && cgroupVersion === undefined ? 'no memory cgroup can be made here' : undefined;
}
