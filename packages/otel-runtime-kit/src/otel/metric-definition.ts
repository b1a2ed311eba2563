/** Kind of instrument, as the OpenTelemetry API names it. */
export type MetricKind =
  'counter' | 'histogram' | 'observableCounter' | 'observableGauge' | 'observableUpDownCounter';

/** Where the name comes from: how stable it is in the semantic conventions, or `own` if they lack it. */
export type MetricStability = 'stable' | 'release candidate' | 'development' | 'own';

/** A platform as `process.platform` names it. Our own list: a consumer need not have the types of Node. */
export type MetricPlatform = 'linux' | 'darwin' | 'win32';

/** An attribute and the values it can take: always a fixed list, so that the number of series is known. */
export type AttributeValues = Readonly<Record<string, readonly string[]>>;

/**
 * One row of the catalogue: the single source for the instrument, the README tables, dashboards and rules.
 */
export interface MetricDefinition {
  readonly name: string;
  readonly kind: MetricKind;
  /** UCUM. */
  readonly unit: string;
  readonly description: string;
  readonly attributes: AttributeValues;
  readonly stability: MetricStability;
  /** Where the number comes from. */
  readonly source: string;
  /** Platforms that have the source; elsewhere the instrument does not exist. */
  readonly platforms: readonly MetricPlatform[] | 'all';
  /** The option that turns it on, for instruments that are off by default. */
  readonly optIn?: string;
  /** Bucket boundaries of a histogram, in its unit. */
  readonly buckets?: readonly number[];
}
