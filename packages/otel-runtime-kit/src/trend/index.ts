export { RobustTrend, type RobustTrendOptions } from './robust-trend.js';
export { theilSenSlope } from './theil-sen.js';
export { SEVEN_DAYS_SECONDS, timeToLimitSeconds, type TimeToLimitInput } from './time-to-limit.js';
