import { IN_A_CONTAINER, LINUX, NEEDS_RULES } from '../absent.js';
import {
  CONTAINER_SHARE,
  DESCRIPTOR_SHARE,
  FLEET_GC_PAUSE,
  GC_OVERHEAD,
  TIME_TO_MEMORY_LIMIT,
} from '../alert-thresholds.js';
import type { Row } from '../grafana/json.js';
import { stat } from '../grafana/stat.js';
import { thresholds } from '../grafana/thresholds.js';
import { BYTES, COUNT, SECONDS, SHARE } from '../units.js';
import { recorded, withCollections } from './recorded.js';

const box = { width: 3, height: 4, noValue: NEEDS_RULES } as const;

/** The fleet in eight numbers, each that of the worst instance where a sum says nothing. */
export const overviewRow: Row = {
  title: 'Overview',
  panels: [
    stat({
      ...box,
      title: 'Instances',
      description: 'Processes of the chosen jobs that report.',
      unit: COUNT,
      decimals: 0,
      query: `sum(${recorded('job:vitals_instances:count')})`,
    }),
    stat({
      ...box,
      title: 'Restarts',
      description:
        'How often processes have begun anew within 15 minutes, behind instances that stayed. New pods of Kubernetes are new instances and do not count here.',
      unit: COUNT,
      decimals: 0,
      thresholds: thresholds([{ from: 1, color: 'yellow' }]),
      query: `sum(${recorded('job:vitals_restarts:15m')})`,
    }),
    stat({
      ...box,
      title: 'Resident memory',
      description: 'The resident sets of all instances together.',
      unit: BYTES,
      query: `sum(${recorded('job:process_memory_usage:sum')})`,
    }),
    stat({
      ...box,
      title: 'Container',
      description:
        'The highest working set, as a share of its limit, of any instance. Absent where none runs in a container with a limit.',
      unit: SHARE,
      thresholds: CONTAINER_SHARE,
      noValue: IN_A_CONTAINER,
      query: `max(${recorded('job:vitals_container_memory_utilization:max')})`,
    }),
    stat({
      ...box,
      title: 'Time to limit',
      description:
        'The shortest time in which any instance reaches any limit of memory at its present growth. A week is the most that is said, and also means: not in sight.',
      unit: SECONDS,
      thresholds: TIME_TO_MEMORY_LIMIT,
      query: `min(${recorded('job_limit:vitals_memory_time_to_limit:min')})`,
    }),
    stat({
      ...box,
      title: 'GC pause, P95',
      description:
        'Over the collections of all chosen instances together, of five minutes, from the summed buckets of the histograms.',
      unit: SECONDS,
      thresholds: FLEET_GC_PAUSE,
      query: withCollections(
        `histogram_quantile(0.95, sum by (le) (${recorded('job_le:v8js_gc_duration_bucket:rate5m')}))`,
      ),
    }),
    stat({
      ...box,
      title: 'GC overhead',
      description: 'The largest share of five minutes that any instance stood still for collections.',
      unit: SHARE,
      thresholds: GC_OVERHEAD,
      query: `max(${recorded('job:vitals_gc_utilization:max')})`,
    }),
    stat({
      ...box,
      title: 'Descriptors',
      description: 'The largest share of its soft limit that any instance has open. Linux only.',
      unit: SHARE,
      thresholds: DESCRIPTOR_SHARE,
      noValue: LINUX,
      query: `max(${recorded('job:vitals_fd_utilization:max')})`,
    }),
  ],
};
