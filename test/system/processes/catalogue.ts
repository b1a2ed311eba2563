import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repositoryRoot } from 'test-helpers/repository';
import type { MetricDefinition } from 'otel-runtime-kit/otel';
import { samplerMetricDefinitions } from 'otel-runtime-kit/otel';

const load = createRequire(__filename);

/** The packages that measure, by the scope that they emit in. */
export const MEASURING_PACKAGES = [
  'otel-memory-metrics',
  'otel-gc-instrumentation',
  'otel-fd-watch',
] as const;

/** One row of the catalogue, and the package it belongs to. */
export interface CatalogueRow extends MetricDefinition {
  readonly scope: string;
}

/** Values of `vitals.reading`: each package lists its own. */
export const readings: ReadonlySet<string> = new Set(MEASURING_PACKAGES.flatMap(readingsOf));

/** Every row of the three packages and of the sampler. They are not exported, so they are loaded by path. */
export const catalogue: readonly CatalogueRow[] = [
  ...MEASURING_PACKAGES.flatMap(name => rowsOf(name, definitionsOf(name))),
  ...rowsOf('otel-runtime-kit', samplerMetricDefinitions),
];

function moduleOf(name: string): Readonly<Record<string, unknown>> {
  return load(join(repositoryRoot, 'packages', name, 'dist/src/metric-definitions.js')) as ReturnType<
    typeof moduleOf
  >;
}

function definitionsOf(name: string): Readonly<Record<string, MetricDefinition>> {
  return moduleOf(name)['metricDefinitions'] as ReturnType<typeof definitionsOf>;
}

function readingsOf(name: string): readonly string[] {
  const lists = Object.entries(moduleOf(name)).filter(([exported]) => exported.endsWith('_READINGS'));
  return lists.flatMap(([, list]) => list as readonly string[]);
}

function rowsOf(scope: string, definitions: Readonly<Record<string, MetricDefinition>>): CatalogueRow[] {
  return Object.values(definitions).map(definition => ({ ...definition, scope }));
}

/** The name that the exporter gives to the family of a metric: only counters get an ending. */
export function familyOf({ name, kind }: MetricDefinition): string {
  const underscored = name.replaceAll('.', '_');
  return kind === 'observableCounter' || kind === 'counter' ? `${underscored}_total` : underscored;
}

/** The names of a metric's sample lines. */
export function sampleNamesOf(row: MetricDefinition): string[] {
  const family = familyOf(row);
  return row.kind === 'histogram' ? [`${family}_bucket`, `${family}_sum`, `${family}_count`] : [family];
}
