import type { MeterProvider } from '@opentelemetry/api';
import { expect } from 'chai';
import { FakeClock } from 'test-helpers/fake-clock';
import { API_KEY, ProviderWatch } from '../../src/register/provider-watch.js';
import type { ApiHolder } from '../../src/register/provider-watch.js';
import {
  GRACE_MILLIS,
  GRACE_WITH_SDK_MILLIS,
  JOIN_MILLIS,
  LOOK_MILLIS,
  Registration,
} from '../../src/register/registration.js';
import type { RegistrationOptions } from '../../src/register/registration.js';

/** What an attachment was asked for, by time. */
class Rig {
  readonly clock = new FakeClock();
  readonly holder: ApiHolder = {};
  readonly events: [millis: number, what: string, provider?: MeterProvider][] = [];
  loads = 0;
  sdkIsLoaded = false;

  constructor(options: Partial<RegistrationOptions> = {}) {
    const { clock, events } = this;
    class Recording {
      join(provider: MeterProvider): void {
        events.push([clock.nowMillis(), 'join', provider]);
      }

      setUpOwn(): void {
        events.push([clock.nowMillis(), 'set up']);
      }
    }
    const registration = new Registration({
      isMainThread: true,
      timers: clock,
      sdkIsLoaded: () => this.sdkIsLoaded,
      loadAttachment: () => {
        this.loads += 1;
        return { Attachment: Recording } as unknown as ReturnType<RegistrationOptions['loadAttachment']>;
      },
      environment: {},
      notices: { warn() {}, inform() {} },
      mainFile: undefined,
      ...options,
    });
    registration.start(new ProviderWatch(this.holder, registration.onProvider));
  }

  register(provider: MeterProvider): void {
    (this.holder[API_KEY] ??= {}).metrics = provider;
  }
}

const provider = (): MeterProvider => ({ getMeter: () => ({}) }) as unknown as MeterProvider;

describe('what register does, and when', () => {
  it('loads nothing of ours before the application has had its chance', () => {
    const rig = new Rig();
    rig.clock.advance(GRACE_MILLIS - 1);
    expect([rig.loads, rig.events]).to.deep.equal([0, []]);
    rig.clock.advance(1);
    expect(rig.events).to.deep.equal([[GRACE_MILLIS, 'set up']]);
  });

  it('joins a provider a moment after it was registered, and sets up nothing of its own', () => {
    const rig = new Rig();
    const one = provider();
    rig.clock.advance(100);
    rig.register(one);
    expect(rig.loads).to.equal(0);
    rig.clock.advance(60_000);
    expect(rig.events).to.deep.equal([[100 + JOIN_MILLIS, 'join', one]]);
  });

  it('waits longer for an application that has loaded an SDK', () => {
    const [silent, late] = [new Rig(), new Rig()];
    for (const rig of [silent, late]) {
      rig.sdkIsLoaded = true;
      rig.clock.advance(5_000);
      expect(rig.events).to.deep.equal([]);
    }
    const one = provider();
    late.register(one);
    for (const rig of [silent, late]) rig.clock.advance(60_000);
    expect(silent.events).to.deep.equal([[GRACE_WITH_SDK_MILLIS, 'set up']]);
    expect(late.events).to.deep.equal([[5_000 + JOIN_MILLIS, 'join', one]]);
  });

  it('moves to a provider that comes after its own was set up', () => {
    const rig = new Rig();
    const one = provider();
    rig.clock.advance(20_000);
    rig.register(one);
    rig.clock.advance(20_000);
    expect(rig.events).to.deep.equal([
      [GRACE_MILLIS, 'set up'],
      [20_000 + JOIN_MILLIS, 'join', one],
    ]);
    expect(rig.loads).to.equal(1);
  });

  it('joins the last of several, and finds one that went past the setters by looking', () => {
    const rig = new Rig();
    const [one, two, three] = [provider(), provider(), provider()];
    rig.register(one);
    rig.register(two);
    rig.clock.advance(2_000);
    Object.defineProperty(rig.holder, API_KEY, { value: { metrics: three }, configurable: true });
    rig.clock.advance(LOOK_MILLIS + JOIN_MILLIS);
    expect(rig.events.map(([, , joined]) => joined)).to.deep.equal([two, three]);
  });

  it('sets up nothing in a worker thread, but joins there too', () => {
    const rig = new Rig({ isMainThread: false });
    rig.clock.advance(60_000);
    expect([rig.loads, rig.events]).to.deep.equal([0, []]);
    rig.register(provider());
    rig.clock.advance(60_000);
    expect(rig.events.map(([, what]) => what)).to.deep.equal(['join']);
  });

  it('lets nothing escape from a timer', () => {
    const rig = new Rig({
      loadAttachment: () => {
        throw new Error('gone');
      },
    });
    expect(() => {
      rig.clock.advance(60_000);
      rig.register(provider());
      rig.clock.advance(60_000);
    }).to.not.throw();
  });
});
