import type { Spelling } from '../catalogue/spelling.js';

/** Dashboards by what they show. */
export type DashboardKind = 'one-process' | 'fleet';

/** Stays the same for ever: links and bookmarks are made of it. */
export function uid(kind: DashboardKind, spelling: Spelling): string {
  return `node-vitals-${kind}${spelling === 'otlp' ? '-otlp' : ''}`;
}

export function addressOf(kind: DashboardKind, spelling: Spelling): string {
  return `/d/${uid(kind, spelling)}`;
}

/** The address of the dashboard of one process, from a series or a line of a table that has its labels. */
export function processAddress(spelling: Spelling, from: 'series' | 'line'): string {
  const label = (name: string): string =>
    from === 'series'
      ? `\${__field.labels.${name}:percentencode}`
      : `\${__data.fields.${name}:percentencode}`;
  return `${addressOf('one-process', spelling)}?var-datasource=\${datasource}&var-job=${label('job')}&var-instance=${label('instance')}&\${__url_time_range}`;
}
