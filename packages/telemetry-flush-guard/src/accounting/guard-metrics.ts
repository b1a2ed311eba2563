import type { MeterProvider } from '@opentelemetry/api';
import type { GuardAccounts } from './guard-accounts.js';
import { ProviderMetrics } from './provider-metrics.js';
import { tell } from '../tell.js';

/** Where every copy of `@opentelemetry/api` 1.x keeps what is registered. */
const API_KEY = Symbol.for('opentelemetry.js.api.1');

/** One for each provider: guards of one process add up there. */
const known = new WeakMap<MeterProvider, ProviderMetrics>();

/**
 * What is registered as the global meter provider; undefined if nothing is. Read where it is kept: the API's own answer is a no-op that does
 * not tell whether there is one, and a copy of the API that is newer than the one that registered would not look at it.
 */
export function globalMeterProvider(): MeterProvider | undefined {
  const provider = (globalThis as { [API_KEY]?: { metrics?: MeterProvider } })[API_KEY]?.metrics;
  return typeof provider?.getMeter === 'function' ? provider : undefined;
}

/**
 * Reports a guard's accounts to a meter provider: the one given, or the global one. The API has no proxy for metrics and tells nobody when
 * one is registered, so whoever owns this has to call {@link look} now and then, and before the end.
 */
export class GuardMetrics {
  readonly #accounts: GuardAccounts;
  readonly #given: MeterProvider | undefined;
  readonly #now: () => number;
  #provider: MeterProvider | undefined;
  #metrics: ProviderMetrics | undefined;

  constructor(accounts: GuardAccounts, given: MeterProvider | undefined, now: () => number = Date.now) {
    this.#accounts = accounts;
    this.#given = given;
    this.#now = now;
  }

  /** Finds the provider, or the one that has taken its place. Never throws. */
  look(): void {
    const provider = this.#given ?? globalMeterProvider();
    if (provider === this.#provider) return;
    this.release();
    this.#provider = provider;
    if (provider === undefined) return;
    this.#attempt(() => {
      let metrics = known.get(provider);
      if (metrics === undefined) known.set(provider, (metrics = new ProviderMetrics(provider, this.#now)));
      metrics.add(this.#accounts);
      this.#metrics = metrics;
    });
  }

  /** Takes every callback away. Never throws. */
  release(): void {
    const metrics = this.#metrics;
    this.#metrics = undefined;
    this.#provider = undefined;
    this.#attempt(() => {
      metrics?.remove(this.#accounts);
    });
  }

  #attempt(step: () => void): void {
    try {
      step();
    } catch (thrown) {
      tell('error', 'its metrics cannot be reported', thrown);
    }
  }
}
