// Names as the Prometheus exporter spells them.

export const COUNT = 'process_unix_file_descriptor_count';
export const GROWTH = 'vitals_fd_growth';
export const OPEN_BY_KIND = 'vitals_fd_open';
export const KIND_LABEL = 'vitals_fd_kind';
export const LIMIT = 'vitals_fd_limit';
export const LIMIT_TYPE_LABEL = 'vitals_fd_limit_type';
export const UTILIZATION = 'vitals_fd_utilization';
export const TIME_TO_LIMIT = 'vitals_fd_time_to_limit';

export const RSS = 'process_memory_usage';
export const RESIDENT_BY_KIND = 'vitals_memory_resident';
export const RESIDENT_KIND_LABEL = 'vitals_memory_kind';
export const ANONYMOUS = 'anon';
export const EXTERNAL = 'vitals_memory_external';
export const HEAP_LIMIT = 'vitals_heap_limit';
export const CONTAINER_LIMIT = 'vitals_container_memory_limit';
export const CONTAINER_WORKING_SET = 'container_memory_working_set';
export const MEMORY_GROWTH = 'vitals_memory_growth';
export const MEMORY_SIGNAL_LABEL = 'vitals_memory_signal';
export const TIME_TO_MEMORY_LIMIT = 'vitals_memory_time_to_limit';
export const MEMORY_LIMIT_LABEL = 'vitals_memory_limit';

export const GC_DURATION_COUNT = 'v8js_gc_duration_count';
export const GC_DURATION_SUM = 'v8js_gc_duration_sum';
export const GC_TYPE_LABEL = 'v8js_gc_type';
export const GC_UTILIZATION = 'vitals_gc_utilization';
export const GC_WINDOW_LABEL = 'vitals_window';
export const GC_PAUSE_P95 = 'vitals_gc_pause_p95';
export const GC_FORCED = 'vitals_gc_forced_total';
export const ALLOCATED = 'vitals_heap_allocated_total';
export const LIVE_HEAP = 'vitals_heap_live';

/** The service's own counter. */
export const REQUESTS = 'demo_requests_total';

/** What a time to a limit says when the limit is not in sight: 7 days. */
export const HORIZON_SECONDS = 604_800;
