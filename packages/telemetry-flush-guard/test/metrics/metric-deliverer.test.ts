import { expect } from 'chai';
import { PointType } from '../../src/items/metric-types.js';
import type { MetricItem, ResourceMetricsLike } from '../../src/items/metric-types.js';
import { metricDeliverer } from '../../src/metrics/metric-deliverer.js';
import type { MetricExporterLike } from '../../src/metrics/metric-exporter.js';

type Callback = (result: { code: number; error?: Error }) => void;

/** What an exporter does with a request, given which one it is. */
type Answer = (callback: Callback, index: number) => unknown;

const taken: Callback[] = [];
const good: Answer = callback => {
  callback({ code: 0 });
};

/** Keeps what it is given, and answers as it is told. */
function exporterThat(
  answer: Answer,
): MetricExporterLike<ResourceMetricsLike> & { values: unknown[][]; ends: number } {
  const values: unknown[][] = [];
  return {
    values,
    ends: 0,
    export(metrics, callback) {
      const index = values.length;
      values.push(
        metrics.scopeMetrics.flatMap(scope =>
          scope.metrics.flatMap(({ dataPoints }) => dataPoints.map(({ value }) => value)),
        ),
      );
      return answer(callback, index);
    },
    shutdown() {
      this.ends += 1;
      return Promise.resolve();
    },
  };
}

/** A counter that went up by `value` in that interval. */
function counted(window: number, value: number, attributes: Record<string, unknown> = {}): MetricItem {
  return {
    metric: {
      descriptor: { name: 'n', description: '', unit: '', valueType: 1 },
      aggregationTemporality: 0,
      dataPointType: PointType.sum,
      isMonotonic: true,
      dataPoints: [{ startTime: [window, 0], endTime: [window + 1, 0], attributes, value }],
    },
    resource: { attributes: {} },
    scope: { name: 's' },
    taken: { reader: 'r', window, collection: window * 6 + value, stream: 0 },
  };
}

const TWO_WINDOWS = [counted(1, 3), counted(0, 1), counted(1, 4), counted(0, 2)];

describe('metrics that are delivered', () => {
  it('are one request for each interval, the oldest first, with what was counted in it added up', async () => {
    const exporter = exporterThat(good);
    expect(await metricDeliverer(exporter).send(TWO_WINDOWS, 100)).to.deep.equal({ outcome: 'delivered' });
    expect(exporter.values).to.deep.equal([[3], [7]]);
  });

  it('go out one after the other', async () => {
    taken.length = 0;
    const exporter = exporterThat(callback => taken.push(callback));
    const sending = metricDeliverer(exporter).send(TWO_WINDOWS, 10_000);
    await settled();
    expect(exporter.values).to.deep.equal([[3]]);
    taken[0]!({ code: 0 });
    await settled();
    expect(exporter.values).to.deep.equal([[3], [7]]);
    taken[1]!({ code: 0 });
    expect((await sending).outcome).to.equal('delivered');
  });

  it('do not go out twice if a later request of the same attempt fails', async () => {
    const exporter = exporterThat((callback, index) => {
      callback(index === 1 ? { code: 1, error: new Error('busy') } : { code: 0 });
    });
    const deliverer = metricDeliverer(exporter);
    const items = [...TWO_WINDOWS, counted(2, 9)];
    expect(await deliverer.send(items, 100)).to.deep.equal({ outcome: 'retry', why: 'busy' });
    expect(exporter.values).to.deep.equal([[3], [7]]);
    // The window that was not sent has got more meanwhile.
    expect(await deliverer.send([...items, counted(1, 5)], 100)).to.deep.equal({ outcome: 'delivered' });
    expect(exporter.values).to.deep.equal([[3], [7], [12], [9]]);
  });

  const failures: readonly [string, Answer, RegExp][] = [
    [
      'throws',
      () => {
        throw new Error('thrown');
      },
      /thrown/,
    ],
    ['rejects', () => Promise.reject(new Error('rejected')), /rejected/],
    ['does not answer', () => undefined, /no answer within \d+ ms/],
    [
      'fails without a word',
      callback => {
        callback({ code: 1 });
      },
      /failed/,
    ],
    [
      'fails, and then says that it did not',
      callback => {
        callback({ code: 1, error: new Error('first') });
        callback({ code: 0 });
      },
      /first/,
    ],
  ];
  for (const [what, answer, why] of failures) {
    it(`are to be tried again if the exporter ${what}`, async () => {
      const attempt = await metricDeliverer(exporterThat(answer)).send([counted(0, 1)], 5);
      expect(attempt.outcome).to.equal('retry');
      expect((attempt as { why: string }).why).to.match(why);
    });
  }

  it('are delivered if the exporter first says so, whatever it does then', async () => {
    const exporter = exporterThat(callback => {
      callback({ code: 0 });
      callback({ code: 1 });
      throw new Error('thrown');
    });
    expect(await metricDeliverer(exporter).send([counted(0, 1)], 100)).to.deep.equal({
      outcome: 'delivered',
    });
  });

  it('take all their requests together no longer than they may', async () => {
    let nowMillis = 0;
    const exporter = exporterThat(callback => {
      nowMillis += 60;
      callback({ code: 0 });
    });
    const deliverer = metricDeliverer(exporter, { nowMillis: () => nowMillis });
    const items = [counted(0, 1), counted(1, 2), counted(2, 3)];
    const attempt = await deliverer.send(items, 100);
    expect(attempt).to.deep.equal({ outcome: 'retry', why: 'not all was sent within 100 ms' });
    expect(exporter.values).to.deep.equal([[1], [2]]);
    expect((await deliverer.send(items, 100)).outcome).to.equal('delivered');
    expect(exporter.values).to.deep.equal([[1], [2], [3]]);
  });

  it('tell what the endpoint refuses and what is too large', async () => {
    for (const [code, outcome] of [
      [400, 'refused'],
      [413, 'too_large'],
    ] as const) {
      const exporter = exporterThat(callback => {
        callback({ code: 1, error: Object.assign(new Error('no'), { code }) });
      });
      expect((await metricDeliverer(exporter).send([counted(0, 1)], 100)).outcome).to.equal(outcome);
    }
  });

  it('end with their exporter', async () => {
    const exporter = exporterThat(good);
    await metricDeliverer(exporter).shutdown();
    expect(exporter.ends).to.equal(1);
  });
});

function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
