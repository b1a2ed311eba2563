import type { Pace } from './pace.js';
import type { RuleGroup } from './rule.js';

/** Kubernetes tells the pod; its names of containers are numbers or repeat the pod's. */
const CONTAINER =
  '{{ if $labels.pod }}{{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }}{{ else }}{{ $labels.name }}{{ end }}';

/** Of cAdvisor, kube-state-metrics and redis_exporter: what runs around the process. */
export function surroundingsAlerts(pace: Pace): RuleGroup {
  const window = pace.minutes(15);
  return {
    name: 'surroundings',
    rules: [
      {
        alert: 'ContainerHighMemory',
        // 0 is cAdvisor's word for unlimited, and the rows without a name are cgroups that hold the containers.
        query: [
          'container_memory_working_set_bytes{name!=""}',
          '/ (container_spec_memory_limit_bytes{name!=""} > 0) > 0.9',
        ].join('\n'),
        for: pace.minutes(5),
        severity: 'critical',
        summary: `Container ${CONTAINER} has used 90 % of its memory`,
        description: 'Its working set is {{ $value | humanizePercentage }} of its limit.',
      },
      {
        alert: 'ContainerRestarting',
        // Docker keeps the container and its series; Kubernetes makes new ones, and kube-state-metrics counts.
        query: [
          `changes(container_start_time_seconds{name!="",pod=""}[${window}]) > 2`,
          // Rounded: an increase is projected onto the whole window, so that two restarts would be a little more than two.
          `or round(increase(kube_pod_container_status_restarts_total[${window}])) > 2`,
        ].join('\n'),
        for: pace.minutes(0),
        severity: 'warning',
        summary: `Container ${CONTAINER} starts again and again`,
        description: '{{ $value | humanize }} times in 15 minutes.',
      },
      {
        alert: 'RedisHighMemory',
        // 0 is Redis' word for no limit.
        query: 'redis_memory_used_bytes / (redis_memory_max_bytes > 0) > 0.9',
        for: pace.minutes(5),
        severity: 'critical',
        summary: 'Redis {{ $labels.instance }} has used 90 % of its memory',
        description:
          'It uses {{ $value | humanizePercentage }} of maxmemory; then it evicts keys, or refuses to write.',
      },
    ],
  };
}
