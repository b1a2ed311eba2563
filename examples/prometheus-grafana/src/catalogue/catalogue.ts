import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { MetricDefinition } from 'otel-runtime-kit/otel';
import { ATTR_READING, samplerMetricDefinitions } from 'otel-runtime-kit/otel';
import { repositoryRoot } from '../repository.js';

/** One row of the catalogue. */
export interface CatalogueMetric extends MetricDefinition {
  /** The packages that emit it, which are also the scopes (`otel_scope_name`) that it is emitted in. */
  readonly packages: readonly string[];
}

/** The packages that measure. */
export const MEASURING_PACKAGES = [
  'otel-memory-metrics',
  'otel-gc-instrumentation',
  'otel-fd-watch',
] as const;

const load = createRequire(__filename);

/** Every metric of the three packages, then the sampler's own, which all of them emit. */
export const catalogue: readonly CatalogueMetric[] = [
  ...MEASURING_PACKAGES.flatMap(name =>
    Object.values(definitionsOf(name)).map(definition => ({ ...definition, packages: [name] })),
  ),
  ...Object.values<MetricDefinition>(samplerMetricDefinitions).map(definition => ({
    ...definition,
    attributes: { ...definition.attributes, [ATTR_READING]: MEASURING_PACKAGES.flatMap(readingsOf) },
    packages: MEASURING_PACKAGES,
  })),
];

/** Definitions are not exported by the packages, so they are loaded by path. */
function moduleOf(name: string): Readonly<Record<string, unknown>> {
  const path = join(repositoryRoot, 'packages', name, 'dist', 'src', 'metric-definitions.js');
  return load(path) as ReturnType<typeof moduleOf>;
}

function definitionsOf(name: string): Readonly<Record<string, MetricDefinition>> {
  return moduleOf(name)['metricDefinitions'] as ReturnType<typeof definitionsOf>;
}

function readingsOf(name: string): readonly string[] {
  const lists = Object.entries(moduleOf(name)).filter(([exported]) => exported.endsWith('_READINGS'));
  return lists.flatMap(([, list]) => list as readonly string[]);
}
