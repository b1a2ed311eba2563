import { nearestName } from './nearest-name.js';
import type { OptionRules, ResolvedOptions } from './option-rule.js';

/**
 * Turns what a caller gave into complete, frozen options.
 *
 * `undefined` counts as not given. The caller's object is not changed and not kept.
 *
 * @throws TypeError if `given` is not an object, has an option that does not exist, or a value of the wrong type
 * @throws RangeError if a value is impossible, e.g. `otel-fd-watch: warnAtRatio must be in (0, 1], got 3`
 */
export function resolveOptions<Rules extends OptionRules>(
  packageName: string,
  rules: Rules,
  given: unknown,
): ResolvedOptions<Rules> {
  const resolved: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(rules)) resolved[name] = rule.default;
  if (given !== undefined) {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      throw new TypeError(`${packageName}: options must be an object, got ${show(given)}`);
    }
    for (const [name, value] of Object.entries(given)) {
      const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
      if (rule === undefined) throw new TypeError(unknownOption(packageName, name, Object.keys(rules)));
      if (value === undefined) continue;
      const problem = rule.check(value);
      if (problem !== undefined) {
        const message = `${packageName}: ${name} must be ${problem.mustBe}, got ${show(value)}`;
        throw problem.wrongType ? new TypeError(message) : new RangeError(message);
      }
      resolved[name] = value;
    }
  }
  return Object.freeze(resolved) as ResolvedOptions<Rules>;
}

function unknownOption(packageName: string, name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  const hint =
    nearest === undefined ? `; the options are ${names.join(', ')}` : `; did you mean "${nearest}"?`;
  return `${packageName}: unknown option "${name}"${hint}`;
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
