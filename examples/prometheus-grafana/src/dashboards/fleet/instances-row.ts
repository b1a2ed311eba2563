import { IN_A_CONTAINER, LINUX } from '../absent.js';
import {
  CONTAINER_SHARE,
  DESCRIPTOR_SHARE,
  GC_OVERHEAD,
  GC_PAUSE,
  HEAP_SHARE,
  MEMORY_GROWTH,
  TIME_TO_MEMORY_LIMIT,
} from '../alert-thresholds.js';
import type { PanelDraft, Row } from '../grafana/json.js';
import { table } from '../grafana/table.js';
import { timeSeries } from '../grafana/time-series.js';
import type { TimeSeries } from '../grafana/time-series.js';
import { BYTES, MEBIBYTES_PER_MINUTE, SECONDS, SHARE } from '../units.js';
import { highestTen } from './highest-ten.js';

const RSS_GROWTH = '<vitals.memory.growth{vitals.memory.signal="rss"}>';

/** Which instances to look at; each leads to its own dashboard. */
export function instancesRow(addresses: { readonly ofLine: string; readonly ofSeries: string }): Row {
  const ten = (
    subject: Omit<TimeSeries, 'queries' | 'width' | 'height'> & { selector: string },
  ): PanelDraft => {
    const { selector, ...rest } = subject;
    const inUnit = rest.unit === MEBIBYTES_PER_MINUTE ? ' * 60 / 1048576' : '';
    return timeSeries({
      ...rest,
      width: 12,
      height: 8,
      legendTable: true,
      queries: [
        {
          query: inUnit === '' ? highestTen(selector) : `(${highestTen(selector)})${inUnit}`,
          legend: '{{job}} {{instance}}',
        },
      ],
      links: [{ title: 'Show this process', url: addresses.ofSeries }],
    });
  };
  return {
    title: 'Instances to look at',
    panels: [
      nearestToALimit(addresses.ofLine),
      ten({
        title: 'Largest resident sets',
        description:
          'The ten instances with most resident memory now. A click on a line leads to its process.',
        unit: BYTES,
        selector: '<process.memory.usage>',
      }),
      ten({
        title: 'Fastest growing resident sets',
        description:
          'The ten instances whose resident set grows fastest now, by the slope over the trend window. Growth of all after a deploy is warm-up; of one alone it is a leak or its load.',
        unit: MEBIBYTES_PER_MINUTE,
        thresholds: MEMORY_GROWTH,
        selector: RSS_GROWTH,
      }),
      ten({
        title: 'Fullest containers',
        description:
          'The ten instances whose working set takes the largest share of its limit now. Absent where none runs in a container with a limit.',
        unit: SHARE,
        thresholds: CONTAINER_SHARE,
        noValue: IN_A_CONTAINER,
        selector: '<vitals.container.memory.utilization>',
      }),
      ten({
        title: 'Highest GC overhead',
        description:
          'The ten instances that stood still longest for collections, as a share of the last five minutes.',
        unit: SHARE,
        thresholds: GC_OVERHEAD,
        selector: '<vitals.gc.utilization{vitals.window="5m"}>',
      }),
      ten({
        title: 'Longest GC pauses, P95 of the instance',
        description:
          'The ten instances with the highest P95 of their own, exact. Single values to find an instance by: no percentile of the fleet comes from them.',
        unit: SECONDS,
        thresholds: GC_PAUSE,
        selector: '<vitals.gc.pause.p95{v8js.gc.type=""}>',
      }),
      ten({
        title: 'Fullest descriptors',
        description:
          'The ten instances that have the largest share of their soft limit open now. Linux only.',
        unit: SHARE,
        thresholds: DESCRIPTOR_SHARE,
        noValue: LINUX,
        selector: '<vitals.fd.utilization>',
      }),
    ],
  };
}

function nearestToALimit(processAddress: string): PanelDraft {
  const timeToLimit = 'min by (job, instance) (<vitals.memory.time_to_limit>)';
  const column = (selector: string): string =>
    `max by (job, instance) (${selector}) and on (job, instance) bottomk(10, ${timeToLimit})`;
  return table({
    title: 'Nearest to a limit of memory',
    description:
      'The ten instances that reach a limit of memory first at their present growth, with what to judge it by. The name of the instance leads to its dashboard. A column stays empty where the metric is absent: outside of a container, before the first major collection, off Linux.',
    width: 24,
    height: 10,
    unit: SECONDS,
    labels: { job: 'job', instance: 'instance' },
    columns: [
      {
        heading: 'time to limit',
        query: `bottomk(10, ${timeToLimit})`,
        unit: SECONDS,
        thresholds: TIME_TO_MEMORY_LIMIT,
      },
      { heading: 'resident set', query: column('<process.memory.usage>'), unit: BYTES },
      {
        heading: 'growth',
        query: `(${column(RSS_GROWTH)}) * 60 / 1048576`,
        unit: MEBIBYTES_PER_MINUTE,
        thresholds: MEMORY_GROWTH,
      },
      {
        heading: 'of the container',
        query: column('<vitals.container.memory.utilization>'),
        unit: SHARE,
        thresholds: CONTAINER_SHARE,
      },
      {
        heading: 'live heap',
        query: column('<vitals.heap.live_utilization>'),
        unit: SHARE,
        thresholds: HEAP_SHARE,
      },
      {
        heading: 'GC overhead',
        query: column('<vitals.gc.utilization{vitals.window="5m"}>'),
        unit: SHARE,
        thresholds: GC_OVERHEAD,
      },
      {
        heading: 'descriptors',
        query: column('<vitals.fd.utilization>'),
        unit: SHARE,
        thresholds: DESCRIPTOR_SHARE,
      },
    ],
    sortBy: { heading: 'time to limit', descending: false },
    lineLink: { title: 'Show this process', url: processAddress, heading: 'instance' },
  });
}
