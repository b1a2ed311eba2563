export { vitals, startVitals } from './vitals.js';
export type { StartedVitals, VitalsInstrumentation, VitalsParts } from './vitals.js';
export type { VitalsOptions } from './options.js';
export { promClientViews } from './prom-client-views.js';
export type { AttributeRenaming, PromClientViewsOptions, VitalsView } from './prom-client-views.js';
export { vitalsPage } from './page-on-demand.js';
export type { VitalsPage, VitalsPageOptions, VitalsReadings } from './page/index.js';
