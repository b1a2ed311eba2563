import type { Options } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Json, PanelDraft } from './json.js';
import { panel } from './panel.js';
import type { PanelSubject } from './panel.js';
import { targets } from './targets.js';

/** One number, and how it came to be. */
export interface Stat extends PanelSubject {
  readonly query: string;
}

export function stat(subject: Stat): PanelDraft {
  const options: Json<Options> = {
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    orientation: 'auto',
    textMode: 'value',
    wideLayout: true,
    colorMode: 'value',
    graphMode: 'area',
    justifyMode: 'auto',
    showPercentChange: false,
    percentChangeColorMode: 'standard',
  };
  return panel(subject, {
    type: 'stat',
    targets: targets([{ query: subject.query, legend: subject.title }], {
      format: 'time_series',
      instant: false,
    }),
    options: { ...options },
    color: { mode: 'thresholds' },
  });
}
