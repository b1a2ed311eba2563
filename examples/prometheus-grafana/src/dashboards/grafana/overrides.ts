import type { FieldConfig } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type { Json } from './json.js';
import type { Override } from './panel.js';

/** A limit: what the others must stay below. Dashed, and no part of a stack. */
export function limitLine(name: string, color = 'red'): Override {
  return override(name, { color, lineStyle: { fill: 'dash', dash: [10, 10] }, lineWidth: 1 });
}

/** The most that there ever was: dotted, so that what lies upon it is seen. */
export function peakLine(name: string): Override {
  return override(name, { color: 'text', lineStyle: { fill: 'dot', dash: [0, 8] }, lineWidth: 2 });
}

/** A total, drawn over a stack of its parts. */
export function totalLine(name: string): Override {
  return override(name, { color: 'text', lineWidth: 2 });
}

export function coloured(name: string, color: string): Override {
  return {
    matcher: { id: 'byName', options: name },
    properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }],
  };
}

function override(name: string, { color, ...custom }: Json<FieldConfig> & { color: string }): Override {
  const own: Json<FieldConfig> = { ...custom, fillOpacity: 0, stacking: { mode: 'none', group: 'A' } };
  return {
    matcher: { id: 'byName', options: name },
    properties: [
      { id: 'color', value: { mode: 'fixed', fixedColor: color } },
      ...Object.entries(own).map(([key, value]) => ({ id: `custom.${key}`, value })),
    ],
  };
}
