import { expect } from 'chai';
import { stderrNotices } from '../../src/register/notices.js';

function said(level: string | undefined): string[] {
  const lines: string[] = [];
  const notices = stderrNotices({ OTEL_LOG_LEVEL: level }, text => lines.push(text));
  notices.warn('bad\n  thing');
  notices.warn('bad\n  thing');
  notices.inform('good thing');
  return lines;
}

const WARNING = 'otel-node-vitals: bad thing\n';
const INFORMATION = 'otel-node-vitals: good thing\n';

describe('notices', () => {
  it('are a line each, and each is said once', () => {
    expect(said(undefined)).to.deep.equal([WARNING, INFORMATION]);
  });

  it('heed OTEL_LOG_LEVEL, and a level that does not exist is none', () => {
    for (const level of ['none', 'NONE', ' error ']) expect(said(level), level).to.deep.equal([]);
    expect(said('warn')).to.deep.equal([WARNING]);
    for (const level of ['info', 'DEBUG', 'verbose', 'all', 'loud', ''])
      expect(said(level), level).to.deep.equal([WARNING, INFORMATION]);
  });

  it('do not fail with a stderr that is closed', () => {
    const notices = stderrNotices({}, () => {
      throw new Error('EPIPE');
    });
    expect(() => {
      notices.warn('x');
    }).to.not.throw();
  });
});
