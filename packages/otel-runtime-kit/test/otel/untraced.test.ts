import { ROOT_CONTEXT, context, createContextKey } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { isTracingSuppressed } from '@opentelemetry/core';
import { expect } from 'chai';
import { FakeClock } from 'test-helpers/fake-clock';
import { createSamplingRuntime } from '../../src/otel/sampling-runtime.js';
import { runUntraced } from '../../src/otel/untraced.js';

const requestKey = createContextKey('the request that is being answered');

describe('untraced readings', () => {
  describe('with the context manager of the SDK', () => {
    let manager: AsyncLocalStorageContextManager;

    beforeEach(() => {
      manager = new AsyncLocalStorageContextManager().enable();
      expect(context.setGlobalContextManager(manager)).to.equal(true);
    });

    afterEach(() => {
      context.disable();
      manager.disable();
    });

    it('are suppressed for the SDK and belong to no request, and nothing of that stays', () => {
      const request = ROOT_CONTEXT.setValue(requestKey, 'GET /orders');
      const seen: Context[] = [];
      context.with(request, () => {
        runUntraced(() => {
          seen.push(context.active());
        });
        expect(context.active()).to.equal(request);
        expect(isTracingSuppressed(context.active())).to.equal(false);
      });
      expect(seen).to.have.lengthOf(1);
      expect(isTracingSuppressed(seen[0]!)).to.equal(true);
      expect(seen[0]!.getValue(requestKey)).to.equal(undefined);
    });

    it('are those of a sampler: at once, at each tick, and deferred', () => {
      const clock = new FakeClock();
      const { sampler } = createSamplingRuntime(clock);
      const seen: [string, boolean, unknown][] = [];
      const note = (when: string): void => {
        seen.push([when, isTracingSuppressed(context.active()), context.active().getValue(requestKey)]);
      };
      context.with(ROOT_CONTEXT.setValue(requestKey, 'GET /orders'), () => {
        const cancel = sampler.add({
          intervalMillis: 100,
          run: nowMillis => {
            note(`task at ${nowMillis}`);
          },
        });
        sampler.defer(150, () => {
          note('deferred');
        });
        clock.advance(200);
        cancel();
      });
      expect(seen).to.deep.equal([
        ['task at 0', true, undefined],
        ['task at 100', true, undefined],
        ['deferred', true, undefined],
        ['task at 200', true, undefined],
      ]);
    });

    it('restore the context after one that throws', () => {
      const request = ROOT_CONTEXT.setValue(requestKey, 'GET /orders');
      context.with(request, () => {
        expect(() => {
          runUntraced(() => {
            throw new Error('a reading of ours is broken');
          });
        }).to.throw('a reading of ours is broken');
        expect(context.active()).to.equal(request);
      });
    });
  });

  it('run once where there is no context manager', () => {
    let runs = 0;
    runUntraced(() => {
      runs += 1;
    });
    expect(runs).to.equal(1);
    expect(isTracingSuppressed(context.active())).to.equal(false);
  });
});
