export { LONGEST_MILLIS, callback, count, flag, millis, ratio } from './option-rule.js';
export type { OptionRule, OptionRules, ResolvedOptions } from './option-rule.js';
export { nearestName } from './nearest-name.js';
export { resolveOptions } from './resolve-options.js';
