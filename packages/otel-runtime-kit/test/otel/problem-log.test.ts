import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import { recordDiag } from 'test-helpers/diag-lines';
import { ProblemLog } from '../../src/otel/problem-log.js';

describe('ProblemLog', () => {
  let said: unknown[][];
  let log: ProblemLog;

  beforeEach(() => {
    said = [];
    log = new ProblemLog('otel-fd-watch', {
      warn: (...words: unknown[]) => {
        said.push(words);
      },
    });
  });

  it('says each distinct problem once, with its cause, and counts the rest', () => {
    const gone = new Error('ENOENT: gone');
    log.report('fd.count:ENOENT', 'reading fd.count failed', gone);
    log.report('fd.count:ENOENT', 'reading fd.count failed', new Error('ENOENT: gone again'));
    log.report('fd.limit:EIO', 'reading fd.limit failed');
    log.report('fd.count:ENOENT', 'reading fd.count failed', gone);
    expect(said).to.deep.equal([
      ['reading fd.count failed (said once; further ones are only counted)', gone],
      ['reading fd.limit failed (said once; further ones are only counted)'],
    ]);
    expect([...log.counts]).to.deep.equal([
      ['fd.count:ENOENT', 3],
      ['fd.limit:EIO', 1],
    ]);
    expect(log.unlisted).to.equal(0);
  });

  it('tells at most 100 problems apart, and goes on counting those', () => {
    for (let round = 0; round < 2; round += 1) {
      for (let problem = 0; problem < 150; problem += 1) log.report(`key ${problem}`, `problem ${problem}`);
    }
    expect(said.map(([message]) => message)).to.deep.equal(
      Array.from(
        { length: 100 },
        (_, problem) => `problem ${problem} (said once; further ones are only counted)`,
      ),
    );
    expect(log.counts.size).to.equal(100);
    expect([...log.counts.values()].every(count => count === 2)).to.equal(true);
    expect(log.unlisted).to.equal(100);
  });

  it('does not let a logger that throws through to its caller', () => {
    let calls = 0;
    const throwing = new ProblemLog('otel-fd-watch', {
      warn: () => {
        calls += 1;
        throw new Error('the disk of the log is full');
      },
    });
    expect(() => {
      throwing.report('key', 'a problem');
      throwing.report('key', 'a problem');
    }).not.to.throw();
    expect(calls).to.equal(1);
    expect([...throwing.counts]).to.deep.equal([['key', 2]]);
  });

  it('writes to diag under the name of the component, to whichever logger is set by then', () => {
    const early = new ProblemLog('otel-fd-watch');
    const messages = recordDiag();
    try {
      const cause = new Error('EACCES');
      early.report('key', 'a problem', cause);
      early.report('key', 'a problem', cause);
      expect(messages).to.deep.equal([
        {
          level: 'warn',
          details: ['otel-fd-watch', 'a problem (said once; further ones are only counted)', cause],
        },
      ]);
    } finally {
      diag.disable();
    }
  });
});
