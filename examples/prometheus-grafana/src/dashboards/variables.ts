import type { VariableModel } from '@grafana/schema';
import type { Spelling } from '../catalogue/spelling.js';
import { expand } from '../query/expand.js';
import type { DashboardKind } from './addresses.js';
import type { Json } from './grafana/json.js';
import { DATA_SOURCE } from './grafana/data-source.js';

type Variable = Json<VariableModel> & { readonly definition?: string };

/** What is chosen at the top: the data source, the job or jobs, and for one process its instance. */
export function variables(kind: DashboardKind, spelling: Spelling): Variable[] {
  const several = kind === 'fleet';
  const job = labelValues('job', several ? 'Jobs' : 'Job', ticks(spelling));
  return [
    {
      type: 'datasource',
      name: 'datasource',
      label: 'Data source',
      query: 'prometheus',
      regex: '',
      hide: 0,
      includeAll: false,
      multi: false,
      options: [],
      refresh: 1,
      skipUrlSync: false,
    },
    several
      ? {
          ...job,
          multi: true,
          includeAll: true,
          current: { selected: true, text: ['All'], value: ['$__all'] },
        }
      : job,
    ...(several ? [] : [labelValues('instance', 'Instance', ticks(spelling, 'job="$job"'))]),
  ];
}

/** A series that every process has which any of the packages measures, and no other. */
function ticks(spelling: Spelling, matchers = ''): string {
  return expand('<vitals.sampler.ticks>', { spelling, matchers });
}

function labelValues(name: string, label: string, series: string): Variable {
  const query = `label_values(${series}, ${name})`;
  return {
    type: 'query',
    name,
    label,
    datasource: DATA_SOURCE,
    definition: query,
    query: { query, refId: 'StandardVariableQuery' },
    // With the time range: processes come and go.
    refresh: 2,
    regex: '',
    sort: 1,
    hide: 0,
    includeAll: false,
    multi: false,
    options: [],
    skipUrlSync: false,
  };
}
