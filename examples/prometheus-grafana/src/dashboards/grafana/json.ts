import type {
  Dashboard,
  DataSourceRef,
  FieldConfig,
  Panel,
  RowPanel,
  ThresholdsConfig,
} from '@grafana/schema';

/** A type of Grafana's as it is written in JSON: the members of its enumerations are their texts and numbers. */
export type Json<T> = T extends string
  ? `${T}`
  : T extends number
    ? PlainNumber<T>
    : T extends readonly (infer Element)[]
      ? Json<Element>[]
      : T extends object
        ? { [Key in keyof T]: Json<T[Key]> }
        : T;

type PlainNumber<T extends number> = number extends T
  ? number
  : `${T}` extends `${infer Plain extends number}`
    ? Plain
    : never;

/** What a query of a panel asks the data source of Prometheus for. */
export interface Target {
  readonly refId: string;
  readonly datasource: DataSourceRef;
  readonly editorMode: 'code';
  readonly expr: string;
  readonly legendFormat: string;
  readonly format: 'time_series' | 'table' | 'heatmap';
  /** The last value alone, or a value at each step of the range: one of the two. */
  readonly instant: boolean;
  readonly range: boolean;
}

/** A panel that has no place yet. */
export type PanelDraft = Omit<Json<Panel>, 'id' | 'gridPos' | 'targets' | 'type'> & {
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly targets: readonly Target[];
  /** Of 24 columns. */
  readonly width: number;
  /** In units of the grid, of 38 pixels. */
  readonly height: number;
};

/** A panel in its place. */
export type PlacedPanel = Omit<Json<Panel>, 'targets'> & { targets: readonly Target[] };

/** Panels under a heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly PanelDraft[];
}

export type HeadingPanel = Json<RowPanel>;

export type FieldDefaults<Custom> = Json<FieldConfig<Custom>>;

export type Thresholds = Json<ThresholdsConfig>;

/** A dashboard as it is saved and imported. */
export type DashboardJson = Omit<Json<Dashboard>, 'panels'> & {
  /** Versions from which what is used here exists; Grafana says so at an import. */
  readonly __requires: readonly {
    readonly type: string;
    readonly id: string;
    readonly name: string;
    readonly version: string;
  }[];
  readonly panels: (PlacedPanel | HeadingPanel)[];
};
