import { millis, resolveOptions } from 'otel-runtime-kit/options';
import type { OptionRule } from 'otel-runtime-kit/options';

export interface VitalsPageOptions {
  /** Where the page is, with a slash at both ends. Default `/`. */
  readonly path?: string;
  /**
   * Names under which the page may be asked for, without a port. `localhost` and addresses always may; see
   * `isAllowedHost` for why others must be given.
   */
  readonly hosts?: readonly string[];
  /** Milliseconds between two points of the charts. Default 5,000. */
  readonly sampleIntervalMillis?: number;
}

const path: OptionRule<string> = {
  default: '/',
  type: 'string',
  description: 'Where the page is, with a slash at both ends.',
  check(value) {
    const mustBe = 'a path with a slash at both ends, for instance "/vitals/"';
    if (typeof value !== 'string') return { mustBe, wrongType: true };
    return /^\/(?:[\w.~-]+\/)*$/.test(value) ? undefined : { mustBe, wrongType: false };
  },
};

const hosts: OptionRule<readonly string[]> = {
  default: [],
  type: 'string[]',
  description:
    'Names under which the page may be asked for, without a port; `localhost` and addresses always may. Others would let any web site read it (DNS rebinding).',
  check(value) {
    const mustBe = 'an array of host names without a port';
    if (!Array.isArray(value)) return { mustBe, wrongType: true };
    const fine = value.every(name => typeof name === 'string' && /^[\w.-]+$/.test(name));
    return fine ? undefined : { mustBe, wrongType: false };
  },
};

/** Defaults, checks and words of the options; the README's table is made from them. */
export const pageOptionRules = {
  path,
  hosts,
  sampleIntervalMillis: millis({
    default: 5_000,
    description: 'Milliseconds between two points of the charts.',
  }),
};

/** @throws TypeError or RangeError for an option that does not exist or cannot be */
export function resolvePageOptions(given: VitalsPageOptions): Required<VitalsPageOptions> {
  return resolveOptions('otel-node-vitals', pageOptionRules, given);
}
