import { expect } from 'chai';
import { processState } from 'otel-runtime-kit/otel';
import { RecordingMeterProvider } from 'test-helpers/recording-meter';
import { Attachment } from '../../src/register/attachment.js';
import { startVitals } from '../../src/vitals.js';

const bindingsOf = (provider: RecordingMeterProvider): number | undefined =>
  processState().samplerMetrics.get(provider)?.bindings;

describe('what register attaches to a provider', () => {
  let attachment: Attachment;
  let provider: RecordingMeterProvider;
  beforeEach(() => {
    attachment = new Attachment({
      environment: {},
      notices: { warn() {}, inform() {} },
      isMainThread: true,
      mainFile: undefined,
    });
    provider = new RecordingMeterProvider();
  });

  /** How many callbacks the instrumentations have on a provider that nobody else uses. */
  function callbacksOfOne(): number {
    const alone = new RecordingMeterProvider();
    const started = startVitals(alone);
    const { callbackCount } = alone;
    started.shutdown();
    return callbackCount;
  }

  /** Ends what the attachment has: it moves to a provider that has the instrumentations already. */
  function endAttachment(): void {
    const other = new RecordingMeterProvider();
    const others = startVitals(other);
    attachment.join(other);
    others.shutdown();
  }

  it('goes when the application adds the instrumentations itself, before any of theirs is made', () => {
    attachment.join(provider);
    expect(bindingsOf(provider)).to.equal(3);
    const getMeter = provider.getMeter.bind(provider);
    let first: number | undefined;
    provider.getMeter = name => {
      first ??= provider.callbackCount;
      return getMeter(name);
    };
    const started = startVitals(provider);
    // Somebody needs the sampler's own metrics all the time.
    expect(first).to.equal(samplerCallbacksOf(provider));
    expect(bindingsOf(provider)).to.equal(3);
    expect(provider.callbackCount).to.equal(callbacksOfOne());
    started.shutdown();
    expect([bindingsOf(provider), provider.callbackCount]).to.deep.equal([undefined, 0]);
  });

  it('goes for one of the instrumentations too, and comes back on another provider', () => {
    attachment.join(provider);
    const started = startVitals(provider, { memory: false, fd: false });
    expect(bindingsOf(provider)).to.equal(1);
    expect(provider.names.filter(name => name.startsWith('vitals.gc.'))).to.not.deep.equal([]);
    const next = new RecordingMeterProvider();
    attachment.join(next);
    expect(bindingsOf(next)).to.equal(3);
    started.shutdown();
    endAttachment();
    expect([bindingsOf(provider), bindingsOf(next), next.callbackCount]).to.deep.equal([
      undefined,
      undefined,
      0,
    ]);
  });

  it('stays while the application has them on another provider, and moves', () => {
    attachment.join(provider);
    const started = startVitals(new RecordingMeterProvider());
    const next = new RecordingMeterProvider();
    attachment.join(next);
    expect([bindingsOf(provider), bindingsOf(next)]).to.deep.equal([undefined, 3]);
    started.shutdown();
    expect(bindingsOf(next)).to.equal(3);
    endAttachment();
    expect(bindingsOf(next)).to.equal(undefined);
  });
});

function samplerCallbacksOf({ instruments }: RecordingMeterProvider): number {
  return instruments
    .filter(({ name }) => name.startsWith('vitals.sampler.'))
    .reduce((sum, { callbacks }) => sum + callbacks.size, 0);
}
