import type {
  FieldConfig,
  Options,
} from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type { Json, PanelDraft } from './json.js';
import { panel } from './panel.js';
import type { PanelSubject } from './panel.js';
import { targets } from './targets.js';
import type { PanelQuery } from './targets.js';

/** What state something was in, over time. */
export interface StateTimeline extends PanelSubject {
  readonly queries: readonly PanelQuery[];
}

export function stateTimeline(subject: StateTimeline): PanelDraft {
  const options: Json<Options> = {
    mergeValues: true,
    showValue: 'auto',
    alignValue: 'left',
    rowHeight: 0.8,
    legend: { showLegend: false, displayMode: 'list', placement: 'bottom', calcs: [] },
    tooltip: { mode: 'single', sort: 'none' },
  };
  const custom: Json<FieldConfig> = { fillOpacity: 80, lineWidth: 0 };
  return panel(subject, {
    type: 'state-timeline',
    targets: targets(subject.queries, { format: 'time_series', instant: false }),
    options: { ...options },
    color: { mode: 'thresholds' },
    custom,
  });
}
