export { RingSeries, type TimedValue } from './ring-series.js';
export { RotatingSlots, type RotatingSlotsOptions } from './rotating-slots.js';
export { WindowMaximum, type WindowMaximumOptions } from './window-maximum.js';
export { WindowQuantile, type WindowQuantileOptions } from './window-quantile.js';
export { WindowSum, type WindowSumOptions } from './window-sum.js';
