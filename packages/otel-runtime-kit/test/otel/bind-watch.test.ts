import { expect } from 'chai';
import { RecordingMeterProvider } from 'test-helpers/recording-meter';
import { bindWatch } from '../../src/otel/bind-watch.js';
import type { ObservableBinding } from '../../src/otel/index.js';

const binding: ObservableBinding = {
  metric: {
    name: 'a',
    kind: 'observableGauge',
    unit: '1',
    description: '',
    attributes: {},
    stability: 'own',
    source: '',
    platforms: 'all',
  },
  observe: () => {},
};

describe('bindWatch', () => {
  function rig(): { provider: RecordingMeterProvider; steps: string[]; start: () => void; stop: () => void } {
    const provider = new RecordingMeterProvider();
    const steps: string[] = [];
    return {
      provider,
      steps,
      start: () => steps.push(`start with ${provider.callbackCount}`),
      stop: () => steps.push(`stop with ${provider.callbackCount}`),
    };
  }

  it('starts with the instruments made, and stops with their callbacks taken off', () => {
    const { provider, steps, ...watch } = rig();
    const unbind = bindWatch(provider.getMeter('m'), watch, [binding]);
    unbind();
    expect(steps).to.deep.equal(['start with 1', 'stop with 0']);
  });

  it('leaves nothing behind when the watch cannot start', () => {
    const { provider, steps, stop } = rig();
    const start = (): void => {
      throw new Error('no');
    };
    expect(() => bindWatch(provider.getMeter('m'), { start, stop }, [binding])).to.throw('no');
    expect(steps).to.deep.equal(['stop with 0']);
    expect(provider.callbackCount).to.equal(0);
  });

  it('stops the watch when an instrument cannot be made', () => {
    const { provider, steps, ...watch } = rig();
    const histogram = { ...binding, metric: { ...binding.metric, kind: 'histogram' as const } };
    expect(() => bindWatch(provider.getMeter('m'), watch, [binding, histogram])).to.throw(
      'not an observable',
    );
    expect(steps).to.deep.equal(['stop with 0']);
  });

  it('stops the watch even when a callback cannot be taken off', () => {
    const { provider, steps, ...watch } = rig();
    const unbind = bindWatch(provider.getMeter('m'), watch, [binding]);
    const [instrument] = provider.instruments;
    Object.assign(instrument!.callbacks, {
      delete: () => {
        throw new Error('kept');
      },
    });
    expect(unbind).to.throw('kept');
    expect(steps.at(-1)).to.equal('stop with 1');
  });
});
