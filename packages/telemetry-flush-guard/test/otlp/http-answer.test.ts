import { expect } from 'chai';
import { encodeStatus } from 'test-helpers/otlp-protobuf';
import { attemptOfAnswer } from '../../src/otlp/http-answer.js';
import type { RawAnswer } from '../../src/otlp/http-answer.js';

const NOW = Date.UTC(2026, 0, 1);

function answer(status: number, body: string | Uint8Array = '', retryAfter?: string): RawAnswer {
  return { status, retryAfter, body: Buffer.from(body) };
}

const nothing = (): undefined => undefined;

describe('an answer of an endpoint of OTLP', () => {
  it('with any status of success is a delivery', () => {
    for (const status of [200, 201, 202, 204, 299])
      expect(attemptOfAnswer(answer(status, '{}'), nothing)).to.deep.equal({ outcome: 'delivered' });
  });

  it('says how many were not taken, and why', () => {
    const bodies: string[] = [];
    const rejectedIn = (body: Uint8Array): { count: number; message: string } => {
      bodies.push(Buffer.from(body).toString());
      return { count: 3, message: 'too old' };
    };
    expect(attemptOfAnswer(answer(200, 'the body'), rejectedIn)).to.deep.equal({
      outcome: 'delivered',
      rejected: 3,
      why: 'too old',
    });
    expect(bodies).to.deep.equal(['the body']);
    expect(attemptOfAnswer(answer(200, 'x'), () => ({ count: 2, message: '' }))).to.deep.equal({
      outcome: 'delivered',
      rejected: 2,
    });
  });

  it('may be a warning: all of it was taken', () => {
    expect(attemptOfAnswer(answer(200, 'x'), () => ({ count: 0, message: 'an old version' }))).to.deep.equal({
      outcome: 'delivered',
      why: 'an old version',
    });
  });

  it('of which nothing is there is not read', () => {
    expect(attemptOfAnswer(answer(200), () => ({ count: 1, message: 'not asked' }))).to.deep.equal({
      outcome: 'delivered',
    });
  });

  it('is a delivery whatever reading it throws', () => {
    const thrower = (): never => {
      throw new RangeError('cut off');
    };
    expect(attemptOfAnswer(answer(200, 'x'), thrower)).to.deep.equal({
      outcome: 'delivered',
      why: 'cut off',
    });
  });

  it('tells what is too large, and what is refused, from everything that may be taken later', () => {
    const outcomes = new Map<string, number[]>();
    for (let status = 100; status <= 599; status += 1) {
      const { outcome } = attemptOfAnswer(answer(status), nothing);
      outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), status]);
    }
    expect(outcomes.get('too_large')).to.deep.equal([413]);
    expect(outcomes.get('refused')).to.deep.equal([400, 422]);
    expect(outcomes.get('delivered')).to.deep.equal(Array.from({ length: 100 }, (_, index) => 200 + index));
    expect(outcomes.get('retry')).to.include.members([301, 307, 401, 403, 404, 408, 429, 500, 502, 503, 504]);
  });

  it('says when to come again if it is one of those that mean it', () => {
    const date = new Date(NOW + 60_000).toUTCString();
    for (const status of [429, 502, 503, 504]) {
      const why = `HTTP ${status}`;
      expect(attemptOfAnswer(answer(status, '', '7'), nothing, NOW)).to.deep.equal({
        outcome: 'retry',
        why,
        afterMillis: 7_000,
      });
      expect(attemptOfAnswer(answer(status, '', date), nothing, NOW)).to.include({ afterMillis: 60_000 });
      expect(attemptOfAnswer(answer(status, '', 'soon'), nothing, NOW)).to.deep.equal({
        outcome: 'retry',
        why,
      });
    }
    for (const status of [301, 401, 500])
      expect(attemptOfAnswer(answer(status, '', '7'), nothing, NOW)).to.deep.equal({
        outcome: 'retry',
        why: `HTTP ${status}`,
      });
  });

  it('is repeated in one short line, whether its body is a Status in JSON or protobuf, or a text', () => {
    const whyOf = (body: string | Uint8Array): string | undefined =>
      attemptOfAnswer(answer(400, body), nothing).why;
    expect(whyOf('{"code":3,"message":"no such field"}')).to.equal('HTTP 400: no such field');
    expect(whyOf(encodeStatus(3, 'no such field'))).to.equal('HTTP 400: no such field');
    expect(whyOf(encodeStatus(3, 'm'.repeat(150)))).to.equal(`HTTP 400: ${'m'.repeat(150)}`);
    expect(whyOf(encodeStatus(0, 'a line\nand a line'))).to.equal('HTTP 400: a line and a line');
    expect(whyOf('<html>\r\n  <b>Bad\u0000Request</b>\n')).to.equal('HTTP 400: <html> <b>Bad Request</b>');
    expect(whyOf('{"code":3}')).to.equal('HTTP 400: {"code":3}');
    expect(whyOf('w'.repeat(10_000))).to.equal(`HTTP 400: ${'w'.repeat(200)}…`);
    expect(whyOf('')).to.equal('HTTP 400');
  });

  it('that has not come is tried for again', () => {
    expect(attemptOfAnswer({ error: 'connect ECONNREFUSED 127.0.0.1:1' }, nothing)).to.deep.equal({
      outcome: 'retry',
      why: 'connect ECONNREFUSED 127.0.0.1:1',
    });
  });
});
