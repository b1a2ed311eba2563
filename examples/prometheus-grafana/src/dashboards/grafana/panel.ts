import type { FieldDefaults, PanelDraft, Target, Thresholds } from './json.js';
import { DATA_SOURCE } from './data-source.js';
import { NO_THRESHOLDS } from './thresholds.js';

/** What every panel has, whatever it draws. */
export interface PanelSubject {
  readonly title: string;
  /** What it means, and what to look for. */
  readonly description: string;
  /** One of Grafana's units. */
  readonly unit: string;
  readonly width: number;
  readonly height: number;
  /** In agreement with the alerts; one colour if there is none. */
  readonly thresholds?: Thresholds;
  /** What stands in place of the values where there are none. */
  readonly noValue?: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly links?: readonly { readonly title: string; readonly url: string }[];
  readonly mappings?: NonNullable<FieldDefaults<unknown>['mappings']>;
}

export type Override = NonNullable<PanelDraft['fieldConfig']>['overrides'][number];

/** The kind of a panel, and what only that kind has. */
interface Kind {
  readonly type: string;
  readonly targets: readonly Target[];
  readonly options: Record<string, unknown>;
  readonly color: NonNullable<FieldDefaults<unknown>['color']>;
  readonly custom?: object;
  readonly overrides?: readonly Override[];
  readonly transformations?: PanelDraft['transformations'];
}

/** Versions before it would be taken for a panel to be migrated. */
export const PLUGIN_VERSION = '10.0.0';

export function panel(subject: PanelSubject, kind: Kind): PanelDraft {
  const { title, description, width, height, unit, noValue, decimals, min, max, links, mappings } = subject;
  return {
    type: kind.type,
    title,
    description,
    width,
    height,
    pluginVersion: PLUGIN_VERSION,
    datasource: DATA_SOURCE,
    targets: kind.targets,
    fieldConfig: {
      defaults: {
        unit,
        ...(decimals === undefined ? {} : { decimals }),
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
        color: kind.color,
        thresholds: subject.thresholds ?? NO_THRESHOLDS,
        mappings: mappings ?? [],
        ...(noValue === undefined ? {} : { noValue }),
        ...(links === undefined ? {} : { links: [...links] }),
        ...(kind.custom === undefined ? {} : { custom: { ...kind.custom } }),
      },
      overrides: [...(kind.overrides ?? [])],
    },
    options: kind.options,
    ...(kind.transformations === undefined ? {} : { transformations: kind.transformations }),
  };
}
