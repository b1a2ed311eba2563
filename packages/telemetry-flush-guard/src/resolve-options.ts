import type { OptionRule } from './option-rules.js';

/** Rules by name. A name with a dot is that of an option inside an object: `limits.diskBytes`. */
type OptionRules = Readonly<Record<string, OptionRule<unknown>>>;

/** The complete, checked options that a set of rules gives, by the same names. */
export type ResolvedOptions<Rules extends OptionRules> = {
  readonly [Name in keyof Rules]: Rules[Name] extends OptionRule<infer Value> ? Value : never;
};

const PACKAGE = 'telemetry-flush-guard';

/**
 * Turns what a caller gave into complete, frozen options. `undefined` counts as not given. The caller's objects are not changed
 * and not kept.
 *
 * @throws TypeError if `given` is not an object, has an option that does not exist, or a value of the wrong type
 * @throws RangeError if a value is impossible
 */
export function resolveOptions<Rules extends OptionRules>(
  rules: Rules,
  given: unknown,
): ResolvedOptions<Rules> {
  const resolved: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(rules)) resolved[name] = rule.default;
  for (const [name, value] of flattened(rules, given, '')) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) throw new TypeError(unknownOption(name, Object.keys(rules)));
    if (value === undefined) continue;
    if (!rule.isOfType(value)) throw new TypeError(refusal(name, rule.mustBe, value));
    if (!rule.accepts(value)) throw new RangeError(refusal(name, rule.mustBe, value));
    resolved[name] = Array.isArray(value) ? Object.freeze([...(value as unknown[])]) : value;
  }
  return Object.freeze(resolved) as ResolvedOptions<Rules>;
}

/** The message of an error: `telemetry-flush-guard: limits.memoryItems must be a whole number of at least 1, got 0`. */
export function refusal(name: string, mustBe: string, got: unknown): string {
  return `${PACKAGE}: ${name} must be ${mustBe}, got ${shown(got)}`;
}

/** Options and those inside them, with their full names. */
function flattened(rules: OptionRules, given: unknown, prefix: string): [name: string, value: unknown][] {
  if (given === undefined) return [];
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(refusal(prefix === '' ? 'options' : prefix.slice(0, -1), 'an object', given));
  }
  return Object.entries(given).flatMap(([key, value]): [string, unknown][] => {
    const name = `${prefix}${key}`;
    const isSection = Object.keys(rules).some(known => known.startsWith(`${name}.`));
    return isSection ? flattened(rules, value, `${name}.`) : [[name, value]];
  });
}

function unknownOption(name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  const hint =
    nearest === undefined ? `; the options are ${names.join(', ')}` : `; did you mean "${nearest}"?`;
  return `${PACKAGE}: unknown option "${name}"${hint}`;
}

/** The name that most likely is meant. An option that was put into the wrong object is found by the last part of its name. */
function nearestName(name: string, names: readonly string[]): string | undefined {
  const lastPart = (text: string): string => text.slice(text.lastIndexOf('.') + 1).toLowerCase();
  let nearest: string | undefined;
  let fewest = Math.floor(lastPart(name).length / 3) + 1;
  for (const candidate of names) {
    const edits = editDistance(lastPart(name), lastPart(candidate));
    if (edits >= fewest) continue;
    fewest = edits;
    nearest = candidate;
  }
  return nearest;
}

/** Letters to be put in, taken out or changed to get from one text to the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let index = 0; index < from.length; index += 1) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const kept = (row[column - 1] ?? 0) + (from[index] === to[column - 1] ? 0 : 1);
      next.push(Math.min(kept, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
