import type {
  FieldConfig,
  Options,
} from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type { Json, PanelDraft } from './json.js';
import { panel } from './panel.js';
import type { Override, PanelSubject } from './panel.js';
import { targets } from './targets.js';
import type { PanelQuery } from './targets.js';

/** Values over time. */
export interface TimeSeries extends PanelSubject {
  readonly queries: readonly PanelQuery[];
  /** The series add up to something: they are drawn on top of each other. */
  readonly stacked?: boolean;
  /** Counts of single events are bars. */
  readonly bars?: boolean;
  /** For values of very different size: a scale of powers of ten, from this one on. */
  readonly logarithmicFrom?: number;
  readonly overrides?: readonly Override[];
  /** A table with the last value at the right: for many series. */
  readonly legendTable?: boolean;
}

export function timeSeries(subject: TimeSeries): PanelDraft {
  const { queries, overrides = [], thresholds, logarithmicFrom } = subject;
  const options: Json<Options> = {
    legend: legend(subject),
    tooltip: { mode: 'multi', sort: 'desc' },
  };
  return panel(logarithmicFrom === undefined ? subject : { ...subject, min: logarithmicFrom }, {
    type: 'timeseries',
    targets: targets(queries, { format: 'time_series', instant: false }),
    options: { ...options },
    color: { mode: 'palette-classic' },
    custom: { ...lines(subject), thresholdsStyle: { mode: thresholds === undefined ? 'off' : 'dashed' } },
    overrides,
  });
}

function legend({ legendTable = false }: TimeSeries): Json<Options>['legend'] {
  return legendTable
    ? {
        showLegend: true,
        displayMode: 'table',
        placement: 'right',
        calcs: ['lastNotNull'],
        sortBy: 'Last *',
        sortDesc: true,
      }
    : { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: ['lastNotNull'] };
}

function lines({ stacked = false, bars = false, logarithmicFrom }: TimeSeries): Json<FieldConfig> {
  return {
    drawStyle: bars ? 'bars' : 'line',
    lineInterpolation: 'linear',
    lineWidth: stacked ? 1 : 2,
    fillOpacity: bars ? 80 : stacked ? 40 : 0,
    gradientMode: 'none',
    showPoints: 'never',
    // A gap is what a restart or a missed scrape looks like.
    spanNulls: false,
    stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
    axisPlacement: 'auto',
    ...(logarithmicFrom === undefined
      ? { axisSoftMin: 0, scaleDistribution: { type: 'linear' } }
      : { scaleDistribution: { type: 'log', log: 10 } }),
  };
}
