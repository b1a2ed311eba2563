import { expect } from 'chai';
import type { Attempt } from '../../src/delivery/attempt.js';
import { attemptOfResponse } from '../../src/otlp/exporter-answer.js';

const read = (response: unknown): Attempt =>
  attemptOfResponse(response, () => ({ count: 1, message: 'one' }));

/** As errors of the network are. */
const withCode = (message: string, code: unknown): Error => Object.assign(new Error(message), { code });

describe('what the transport of an exporter answers with', () => {
  it('is a delivery, of which a part may not have been taken', () => {
    expect(read({ status: 'success' })).to.deep.equal({ outcome: 'delivered' });
    expect(read({ status: 'success', data: new Uint8Array() })).to.deep.equal({ outcome: 'delivered' });
    expect(read({ status: 'success', data: 'a text' })).to.deep.equal({ outcome: 'delivered' });
    expect(read({ status: 'success', data: Buffer.from('x') })).to.deep.equal({
      outcome: 'delivered',
      rejected: 1,
      why: 'one',
    });
  });

  it('keeps a wait within 0 and a day', () => {
    const after = (retryInMillis: unknown): unknown => {
      const attempt = read({ status: 'retryable', retryInMillis });
      expect(attempt).to.include({ outcome: 'retry', why: 'HTTP 429, 502, 503 or 504' });
      return 'afterMillis' in attempt ? attempt.afterMillis : undefined;
    };
    expect([-1, 0, 5_000, 1e12, NaN, '5', undefined].map(after)).to.deep.equal([
      0,
      0,
      5_000,
      86_400_000,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('names the code of what the network did, once', () => {
    const why = (error: unknown): string | undefined => read({ status: 'retryable', error }).why;
    expect(why(withCode('connect ECONNREFUSED ::1:4318', 'ECONNREFUSED'))).to.equal(
      'connect ECONNREFUSED ::1:4318',
    );
    expect(why(withCode('socket hang up', 'ECONNRESET'))).to.equal('ECONNRESET: socket hang up');
    // Of an attempt at several addresses.
    const aggregate = Object.assign(new AggregateError([new Error('a'), new Error('b')]), {
      code: 'ETIMEDOUT',
    });
    expect(why(aggregate)).to.equal('ETIMEDOUT');
    expect(why(new Error('Request timed out'))).to.equal('Request timed out');
    expect(why('a text')).to.equal('a text');
    expect(why(null)).to.equal('null');
    expect(why({})).to.equal('failed');
    expect(why(new Error('l'.repeat(1_000)))).to.equal(`${'l'.repeat(200)}…`);
  });

  it('is judged by its status, if it has one, whatever its phrase', () => {
    const failure = (code: unknown, data?: string): Attempt =>
      read({ status: 'failure', error: Object.assign(withCode('a phrase', code), { data }) });
    expect(failure(413)).to.deep.equal({ outcome: 'too_large', why: 'HTTP 413' });
    expect(failure(400, '{"message":"why"}')).to.deep.equal({ outcome: 'refused', why: 'HTTP 400: why' });
    expect(failure(422)).to.include({ outcome: 'refused' });
    for (const code of [301, 401, 403, 404, 408, 500])
      expect(failure(code, 'text')).to.deep.equal({ outcome: 'retry', why: `HTTP ${code}: text` });
  });

  it('is tried again for all else that fails', () => {
    expect(
      read({ status: 'failure', error: withCode('self-signed certificate', 'DEPTH_ZERO') }),
    ).to.deep.equal({ outcome: 'retry', why: 'DEPTH_ZERO: self-signed certificate' });
    expect(read({ status: 'failure' })).to.deep.equal({ outcome: 'retry', why: 'failed' });
    for (const unknown of [undefined, null, 'success', {}, { status: 'sent' }, 7])
      expect(read(unknown)).to.deep.equal({ outcome: 'retry', why: 'an answer of an unknown kind' });
  });
});
