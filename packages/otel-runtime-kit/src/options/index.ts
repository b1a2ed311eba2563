export { positiveNumberFromEnvironment } from './environment.js';
export type { Environment } from './environment.js';
export {
  LONGEST_MILLIS,
  bucketBoundaries,
  callback,
  choice,
  count,
  flag,
  millis,
  optionalBytes,
  ratio,
} from './option-rule.js';
export type { OptionRule, OptionRules, ResolvedOptions } from './option-rule.js';
export { nearestName } from './nearest-name.js';
export { resolveOptions } from './resolve-options.js';
