import { expect } from 'chai';
import { ReadingLog } from '../../src/sampling/reading-log.js';
import type { ProblemSink } from '../../src/sampling/reading-log.js';

/** Notes what is reported. */
class RecordingSink implements ProblemSink {
  readonly reports: { readonly key: string; readonly message: string; readonly error: unknown }[] = [];

  report(key: string, message: string, error?: unknown): void {
    this.reports.push({ key, message, error });
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: made up`), { code });
}

describe('ReadingLog', () => {
  let log: ReadingLog;
  let sink: RecordingSink;

  beforeEach(() => {
    log = new ReadingLog();
    sink = new RecordingSink();
  });

  it('hands on what the reading found, and counts it', () => {
    expect(log.run('fd.count', () => 41, sink)).to.equal(41);
    expect(log.run('fd.count', () => 42, sink)).to.equal(42);
    expect(log.run('fd.limit', (): unknown => undefined, sink)).to.equal(undefined);
    expect(log.costs.get('fd.count')?.ticks).to.equal(2);
    expect(log.costs.get('fd.limit')?.ticks).to.equal(1);
    expect([...log.costs.keys()]).to.deep.equal(['fd.count', 'fd.limit']);
    expect(log.costs.get('fd.count')?.errors.size).to.equal(0);
    expect(sink.reports).to.deep.equal([]);
  });

  it('answers a throw with undefined, counts it by type and reports it with its cause', () => {
    const gone = failure('ENOENT');
    const broken = new TypeError('x is undefined');
    for (const thrown of [gone, broken, gone]) {
      const answer = log.run(
        'fd.kinds',
        (): number => {
          throw thrown;
        },
        sink,
      );
      expect(answer).to.equal(undefined);
    }
    const cost = log.costs.get('fd.kinds')!;
    expect(cost.ticks).to.equal(3);
    expect([...cost.errors]).to.deep.equal([
      ['ENOENT', 2],
      ['TypeError', 1],
    ]);
    expect(sink.reports).to.deep.equal([
      { key: 'fd.kinds:ENOENT', message: 'reading fd.kinds failed', error: gone },
      { key: 'fd.kinds:TypeError', message: 'reading fd.kinds failed', error: broken },
      { key: 'fd.kinds:ENOENT', message: 'reading fd.kinds failed', error: gone },
    ]);
  });

  it('takes anything that can be thrown', () => {
    const strange: unknown[] = [undefined, null, 0, 'ENOENT', Symbol('no'), {}, () => 1, 10n];
    for (const thrown of strange) {
      log.run(
        'fd.count',
        () => {
          throw thrown;
        },
        sink,
      );
    }
    expect([...log.costs.get('fd.count')!.errors]).to.deep.equal([['_OTHER', strange.length]]);
    expect(sink.reports.map(report => report.error)).to.deep.equal(strange);
  });

  it('counts a failure that came from outside of a run, without a tick', () => {
    log.fail('fd.on_pressure', failure('EPERM'), sink);
    const cost = log.costs.get('fd.on_pressure')!;
    expect([cost.ticks, cost.seconds]).to.deep.equal([0, 0]);
    expect([...cost.errors]).to.deep.equal([['EPERM', 1]]);
    expect(sink.reports.map(report => report.key)).to.deep.equal(['fd.on_pressure:EPERM']);
  });

  it('adds up the time of readings, as process.hrtime sees it from inside and from outside', () => {
    let innerSeconds = 0;
    let outerSeconds = 0;
    const now = (): number => Number(process.hrtime.bigint()) / 1e9;
    const busy = (fails: boolean): void => {
      const outerStart = now();
      log.run(
        'fd.count',
        () => {
          const start = now();
          while (now() - start < 0.003);
          innerSeconds += now() - start;
          if (fails) throw new Error('after all that work');
        },
        sink,
      );
      outerSeconds += now() - outerStart;
    };
    for (let run = 0; run < 5; run += 1) busy(run % 2 === 1);
    // The reading lies between the two, but for the rounding of doubles.
    const { seconds } = log.costs.get('fd.count')!;
    expect(seconds).to.be.within(innerSeconds - 1e-6, outerSeconds + 1e-6);
    expect(seconds).to.be.at.least(0.015 - 1e-6);
  });

  it('keeps the time of each reading apart', () => {
    log.run('fd.limit', () => undefined, sink);
    const before = log.costs.get('fd.limit')!.seconds;
    log.run('fd.count', () => undefined, sink);
    expect(log.costs.get('fd.limit')!.seconds).to.equal(before);
    expect(log.costs.get('fd.limit')!.ticks).to.equal(1);
  });
});
