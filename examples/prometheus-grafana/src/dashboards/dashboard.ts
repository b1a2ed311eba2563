import type { Spelling } from '../catalogue/spelling.js';
import { expand } from '../query/expand.js';
import type { DashboardKind } from './addresses.js';
import { uid } from './addresses.js';
import { annotations } from './annotations.js';
import type { DashboardJson, Row } from './grafana/json.js';
import { placed } from './grafana/layout.js';
import { PLUGIN_VERSION } from './grafana/panel.js';
import { linkToOther } from './links.js';
import { variables } from './variables.js';

/** A dashboard in the notation of `expand`. */
export interface Dashboard {
  readonly kind: DashboardKind;
  readonly title: string;
  readonly description: string;
  /** That every selector of our metrics gets: whose panels these are. */
  readonly matchers: string;
  rows(spelling: Spelling): readonly Row[];
}

/** Of Grafana 11; older ones that are still in use read it too. */
const SCHEMA_VERSION = 39;

const TAGS = ['node-vitals', 'opentelemetry', 'nodejs'];

/** The dashboard for one spelling of the metrics, as Grafana imports it. */
export function dashboardJson(dashboard: Dashboard, spelling: Spelling): DashboardJson {
  const { kind, title, description, matchers } = dashboard;
  const expanded = (query: string): string => expand(query, { spelling, matchers });
  const panels = placed(dashboard.rows(spelling)).map(panel =>
    'targets' in panel
      ? { ...panel, targets: panel.targets.map(target => ({ ...target, expr: expanded(target.expr) })) }
      : panel,
  );
  return {
    __requires: [
      { type: 'grafana', id: 'grafana', name: 'Grafana', version: PLUGIN_VERSION },
      { type: 'datasource', id: 'prometheus', name: 'Prometheus', version: PLUGIN_VERSION },
    ],
    id: null,
    uid: uid(kind, spelling),
    title: spelling === 'otlp' ? `${title} (OTLP names)` : title,
    description,
    tags: [...TAGS, spelling],
    editable: true,
    // A crosshair and the values of all panels at the same moment.
    graphTooltip: 2,
    timezone: 'browser',
    time: { from: 'now-1h', to: 'now' },
    timepicker: {},
    refresh: '30s',
    fiscalYearStartMonth: 0,
    weekStart: '',
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    links: [linkToOther(kind, spelling)],
    templating: { list: variables(kind, spelling) },
    annotations: { list: annotations(kind, { matchers, expanded }) },
    panels,
  };
}
