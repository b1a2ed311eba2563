import type { AnnotationQuery } from '@grafana/schema';
import { restarts } from '../rules/older-than.js';
import type { DashboardKind } from './addresses.js';
import { DATA_SOURCE } from './grafana/data-source.js';
import type { Json } from './grafana/json.js';

/** With what the data source of Prometheus adds. Versions of Grafana read the query in one place or the other. */
type Annotation = Json<Omit<AnnotationQuery, 'target'>> & {
  readonly expr: string;
  readonly step: string;
  readonly titleFormat: string;
  readonly textFormat: string;
  readonly tagKeys: string;
  readonly target: { readonly refId: string; readonly expr: string; readonly interval: string };
};

/** Marks in all panels: where a process began anew, and where alerts fired. */
export function annotations(
  kind: DashboardKind,
  { matchers, expanded }: { readonly matchers: string; readonly expanded: (query: string) => string },
): Annotation[] {
  return [
    annotation({
      name: 'Restarts',
      expr: expanded(newRestart()),
      title: 'Began anew',
      iconColor: 'purple',
      // A fleet has too many for all of its panels: to be turned on.
      enable: kind === 'one-process',
    }),
    annotation({
      name: 'Firing alerts',
      expr: `max by (alertname, severity, job, instance) (ALERTS{${matchers},alertstate="firing"})`,
      title: '{{alertname}} ({{severity}})',
      iconColor: 'red',
      enable: false,
    }),
  ];
}

/**
 * True at the one step at which a restart has come in. A window as short as a rate's would miss one that takes longer than
 * a few scrapes, and a long one alone is true for all of its length.
 */
function newRestart(): string {
  const window = '[15m]';
  const counted = restarts('15m');
  return `${counted} > ${counted.replaceAll(window, `${window} offset $__interval`)}`;
}

function annotation({
  name,
  expr,
  title,
  iconColor,
  enable,
}: {
  readonly name: string;
  readonly expr: string;
  readonly title: string;
  readonly iconColor: string;
  readonly enable: boolean;
}): Annotation {
  const step = '15s';
  return {
    name,
    datasource: DATA_SOURCE,
    enable,
    hide: false,
    iconColor,
    expr,
    step,
    titleFormat: title,
    textFormat: '',
    tagKeys: 'severity,job,instance',
    target: { refId: 'Anno', expr, interval: step },
  };
}
