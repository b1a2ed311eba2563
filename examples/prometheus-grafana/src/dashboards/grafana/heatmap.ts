import type {
  FieldConfig,
  Options,
} from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type { Json, PanelDraft } from './json.js';
import { panel } from './panel.js';
import type { PanelSubject } from './panel.js';
import { targets } from './targets.js';

/** How often values fell into each bucket of a histogram, over time. */
export interface Heatmap extends PanelSubject {
  /** Buckets, summed by `le`. */
  readonly query: string;
  /** What the colours count; one of Grafana's units. */
  readonly countUnit: string;
}

export function heatmap(subject: Heatmap): PanelDraft {
  const options: Json<Options> = {
    calculate: false,
    cellGap: 1,
    color: {
      mode: 'scheme',
      scheme: 'Oranges',
      scale: 'exponential',
      exponent: 0.5,
      steps: 64,
      fill: 'dark-orange',
      reverse: false,
    },
    exemplars: { color: 'rgba(255,0,255,0.7)' },
    // An empty bucket has no cell.
    filterValues: { le: 1e-9 },
    legend: { show: true },
    rowsFrame: { layout: 'auto', value: 'collections' },
    showValue: 'never',
    tooltip: { mode: 'single', yHistogram: true, showColorScale: true },
    yAxis: { axisPlacement: 'left', unit: subject.unit, reverse: false },
    cellValues: { unit: subject.countUnit },
  };
  const custom: Json<FieldConfig> = {
    hideFrom: { legend: false, tooltip: false, viz: false },
    scaleDistribution: { type: 'linear' },
  };
  return panel(subject, {
    type: 'heatmap',
    targets: targets([{ query: subject.query, legend: '{{le}}' }], { format: 'heatmap', instant: false }),
    options: { ...options },
    color: { mode: 'thresholds' },
    custom,
  });
}
