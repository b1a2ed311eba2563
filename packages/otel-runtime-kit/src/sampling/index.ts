export { systemClock } from './clock.js';
export type { Cancel, Clock } from './clock.js';
export { ERROR_TYPES, OTHER_ERROR_TYPE, UnexpectedContentError, errorType } from './error-type.js';
export { ReadingLog } from './reading-log.js';
export type { ProblemSink, ReadingCost } from './reading-log.js';
export { Sampler } from './sampler.js';
export type { SamplerTask } from './sampler.js';
