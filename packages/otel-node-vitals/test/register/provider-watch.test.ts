import { createRequire } from 'node:module';
import type { MeterProvider } from '@opentelemetry/api';
import type * as Api from '@opentelemetry/api';
import { expect } from 'chai';
import { requireOf, whyNotHere } from 'test-helpers/sdk-line';
import { skipBecause } from 'test-helpers/skip-because';
import { setApiStateAside } from 'test-helpers/sdk-under-test';
import { API_KEY, ProviderWatch } from '../../src/register/provider-watch.js';
import type { ApiHolder } from '../../src/register/provider-watch.js';

const ownRequire = createRequire(__filename);
const provider = (): MeterProvider => ({ getMeter: () => ({}) }) as unknown as MeterProvider;
const propertyOf = (holder: object, key: PropertyKey): PropertyDescriptor | undefined =>
  Object.getOwnPropertyDescriptor(holder, key);

const hasSetter = (holder: object): boolean => typeof propertyOf(holder, API_KEY)?.set === 'function';

/** On the real globalThis, with the real API. */
function withRealApi(apiOf: () => typeof Api): void {
  const holder = globalThis as ApiHolder;
  let restore = (): void => {};
  let watch: ProviderWatch;
  let told: MeterProvider[];
  let api: typeof Api;
  beforeEach(() => {
    api = apiOf();
    restore = setApiStateAside();
    told = [];
    watch = new ProviderWatch(holder, one => told.push(one));
  });
  afterEach(() => {
    watch.stop();
    restore();
  });

  it('tells of a provider that is registered already', () => {
    const one = provider();
    api.metrics.setGlobalMeterProvider(one);
    watch.start();
    expect(told).to.deep.equal([one]);
    expect(watch.current).to.equal(one);
  });

  it('tells of one that is the first thing to be registered, at once', () => {
    watch.start();
    expect(watch.current).to.equal(undefined);
    const one = provider();
    expect(api.metrics.setGlobalMeterProvider(one)).to.equal(true);
    expect(told).to.deep.equal([one]);
    expect(api.metrics.getMeterProvider()).to.equal(one);
  });

  it('tells of one that comes after other registrations, before or after the watch', () => {
    api.propagation.disable();
    api.diag.setLogger({ error() {}, warn() {}, info() {}, debug() {}, verbose() {} });
    watch.start();
    api.context.disable();
    const one = provider();
    api.metrics.setGlobalMeterProvider(one);
    expect(told).to.deep.equal([one]);
    api.diag.disable();
  });

  it('leaves the place that the API reads all the time an ordinary property once there is something', () => {
    watch.start();
    expect(hasSetter(globalThis)).to.equal(true);
    api.metrics.setGlobalMeterProvider(provider());
    expect(hasSetter(globalThis)).to.equal(false);
    expect(propertyOf(globalThis, API_KEY)).to.deep.include({
      configurable: true,
      enumerable: true,
      writable: true,
    });
  });

  it('does not stand in the way of unregistering and registering again, which is found by looking', () => {
    watch.start();
    const [one, two] = [provider(), provider()];
    api.metrics.setGlobalMeterProvider(one);
    api.metrics.disable();
    expect(watch.current).to.equal(undefined);
    expect(api.metrics.setGlobalMeterProvider(two)).to.equal(true);
    watch.look();
    watch.look();
    expect(told).to.deep.equal([one, two]);
    api.metrics.disable();
    watch.look();
    const three = provider();
    api.metrics.setGlobalMeterProvider(three);
    expect(told).to.deep.equal([one, two, three]);
  });

  it('leaves nothing behind when it stops', () => {
    watch.start();
    watch.stop();
    expect(propertyOf(globalThis, API_KEY)).to.equal(undefined);
    watch.start();
    const one = provider();
    api.metrics.setGlobalMeterProvider(one);
    watch.stop();
    expect(propertyOf(holder[API_KEY]!, 'metrics')).to.deep.include({ value: one, writable: true });
    expect(api.metrics.getMeterProvider()).to.equal(one);
  });
}

describe('the watch for a meter provider', () => {
  describe('beside the API of SDK 2.x', () => {
    withRealApi(() => ownRequire('@opentelemetry/api') as typeof Api);
  });

  describe('beside the API of SDK 3.x', () => {
    before(function () {
      const reason = whyNotHere(3);
      if (reason !== undefined) skipBecause(this, reason);
    });
    withRealApi(() => requireOf(3)('@opentelemetry/api') as typeof Api);
  });

  it('takes no notice of what is no provider, and of the same one again', () => {
    const told: unknown[] = [];
    const holder: ApiHolder = {};
    const watch = new ProviderWatch(holder, one => told.push(one));
    watch.start();
    const one = provider();
    holder[API_KEY] = undefined;
    const state: { metrics?: MeterProvider | undefined } = { metrics: {} as MeterProvider };
    holder[API_KEY] = state;
    expect(watch.current).to.equal(undefined);
    state.metrics = undefined;
    state.metrics = one;
    state.metrics = one;
    expect(told).to.deep.equal([one]);
  });

  it('looks where it cannot set: a frozen object, a frozen global', () => {
    const told: unknown[] = [];
    const one = provider();
    const state = Object.freeze({ metrics: one });
    new ProviderWatch(Object.freeze({ [API_KEY]: state }), each => told.push(each)).start();
    new ProviderWatch(Object.freeze({}), each => told.push(each)).start();
    const holder: ApiHolder = {};
    const late = new ProviderWatch(holder, each => told.push(each));
    late.start();
    Object.defineProperty(holder, API_KEY, { value: { metrics: one }, configurable: true });
    late.look();
    expect(told).to.deep.equal([one, one]);
  });
});
