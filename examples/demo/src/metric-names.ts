/** Names as the Prometheus exporter spells them. */
export const COUNT = 'process_unix_file_descriptor_count';
export const GROWTH = 'vitals_fd_growth';
export const OPEN_BY_KIND = 'vitals_fd_open';
export const KIND_LABEL = 'vitals_fd_kind';
export const LIMIT = 'vitals_fd_limit';
export const LIMIT_TYPE_LABEL = 'vitals_fd_limit_type';
export const UTILIZATION = 'vitals_fd_utilization';
export const TIME_TO_LIMIT = 'vitals_fd_time_to_limit';

/** The service's own counter. */
export const REQUESTS = 'demo_requests_total';

/** What `vitals_fd_time_to_limit` says when the limit is not in sight: 7 days. */
export const HORIZON_SECONDS = 604_800;
