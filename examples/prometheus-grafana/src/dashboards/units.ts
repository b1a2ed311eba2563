// Units as Grafana names them: https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts
export const BYTES = 'bytes';
export const BYTES_PER_SECOND = 'binBps';
export const SECONDS = 's';
/** Of 1. */
export const SHARE = 'percentunit';
/** A number without more to say. */
export const COUNT = 'short';
export const MEBIBYTES_PER_MINUTE = 'suffix:MiB/min';
export const PER_MINUTE = 'suffix:/min';
export const PER_SECOND = 'suffix:/s';
