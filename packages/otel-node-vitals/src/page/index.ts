export { isAllowedHost } from './allowed-host.js';
export type { PageRequest, PageResponse } from './http-types.js';
export type { PageData, PageHistory } from './page-data.js';
export type { HistoryRows } from './bounded-history.js';
export { pageOptionRules } from './page-options.js';
export type { VitalsPageOptions } from './page-options.js';
export { PAGE_READINGS, vitalsPage } from './vitals-page.js';
export type { VitalsPage, VitalsReadings } from './vitals-page.js';
