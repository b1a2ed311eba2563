import { NO_ALERTS } from '../absent.js';
import { ALERT_STATE_MAPPINGS, ALERT_STATE_THRESHOLDS, alertStates } from '../alert-states.js';
import type { Row } from '../grafana/json.js';
import { coloured } from '../grafana/overrides.js';
import { table } from '../grafana/table.js';
import { timeSeries } from '../grafana/time-series.js';
import { COUNT } from '../units.js';
import { JOBS } from './recorded.js';

/** What is firing, and of whom. */
export function alertsRow(processAddress: string): Row {
  return {
    title: 'Alerts',
    panels: [
      timeSeries({
        title: 'Firing, by severity',
        description:
          'How many alerts of the chosen jobs fire, those of single instances and those of whole jobs.',
        width: 8,
        height: 8,
        unit: COUNT,
        decimals: 0,
        stacked: true,
        noValue: NO_ALERTS,
        queries: [
          {
            query: `count by (severity) (ALERTS{${JOBS},alertstate="firing"})`,
            legend: '{{severity}}',
          },
        ],
        overrides: [coloured('info', 'blue'), coloured('warning', 'orange'), coloured('critical', 'red')],
      }),
      table({
        title: 'Alerts now',
        description:
          'Pending and firing alerts, the worst first; an alert without an instance is one of the whole job. The name of the instance leads to its dashboard, the name of the alert is its heading in the runbook.',
        width: 16,
        height: 8,
        unit: COUNT,
        noValue: NO_ALERTS,
        thresholds: ALERT_STATE_THRESHOLDS,
        labels: { alertname: 'alert', job: 'job', instance: 'instance' },
        columns: [
          {
            heading: 'state',
            query: alertStates(JOBS, ['alertname', 'job', 'instance']),
            unit: COUNT,
            thresholds: ALERT_STATE_THRESHOLDS,
            mappings: ALERT_STATE_MAPPINGS,
          },
        ],
        sortBy: { heading: 'state', descending: true },
        lineLink: { title: 'Show this process', url: processAddress, heading: 'instance' },
      }),
    ],
  };
}
