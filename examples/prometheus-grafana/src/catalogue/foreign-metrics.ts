/** What other exporters emit and our rules and panels also ask for: name → labels that are asked for. */
export const foreignMetrics: Readonly<Record<string, readonly string[]>> = {
  // Prometheus' own.
  up: [],
  ALERTS: ['alertname', 'alertstate', 'severity'],
  // Written by the exporter of OpenTelemetry from the resource.
  target_info: ['service_name', 'service_version', 'service_instance_id', 'process_runtime_version'],
  // cAdvisor, as the kubelet and as a container of its own.
  container_memory_working_set_bytes: ['name', 'namespace', 'pod', 'container'],
  container_spec_memory_limit_bytes: ['name', 'namespace', 'pod', 'container'],
  container_start_time_seconds: ['name', 'namespace', 'pod', 'container'],
  // kube-state-metrics.
  kube_pod_container_status_restarts_total: ['namespace', 'pod', 'container'],
  // redis_exporter.
  redis_memory_used_bytes: [],
  redis_memory_max_bytes: [],
};

/** Labels that every series has, whoever emits it. */
export const TARGET_LABELS: readonly string[] = ['job', 'instance'];
