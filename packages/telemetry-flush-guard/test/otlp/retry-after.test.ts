import { expect } from 'chai';
import fc from 'fast-check';
import { retryAfterMillis, waitMillis } from '../../src/otlp/retry-after.js';

const DAY_MILLIS = 86_400_000;
/** Sun, 06 Nov 1994 08:49:37 GMT, the date of RFC 9110. */
const THEN = Date.UTC(1994, 10, 6, 8, 49, 37);

describe('a Retry-After', () => {
  it('is a number of seconds, up to a day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 * 86_400 }), seconds => {
        expect(retryAfterMillis(String(seconds), 0)).to.equal(Math.min(seconds * 1_000, DAY_MILLIS));
      }),
    );
    expect(retryAfterMillis(' 007 ', 0)).to.equal(7_000);
    expect(retryAfterMillis('9'.repeat(400), 0)).to.equal(DAY_MILLIS);
  });

  it('is a date in each of the three formats, whatever the time zone here', () => {
    const zone = process.env['TZ'];
    try {
      for (const TZ of ['UTC', 'America/New_York', 'Asia/Kolkata']) {
        process.env['TZ'] = TZ;
        for (const text of [
          'Sun, 06 Nov 1994 08:49:37 GMT',
          'Sunday, 06-Nov-94 08:49:37 GMT',
          'Sun Nov  6 08:49:37 1994',
        ])
          expect(retryAfterMillis(text, THEN - 1_234), `${text} in ${TZ}`).to.equal(1_234);
      }
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  it('is every date as Node.js writes it, to the second', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(THEN), max: new Date(THEN + 2 * DAY_MILLIS) }), date => {
        fc.pre(!Number.isNaN(date.getTime()));
        const asked = Math.floor(date.getTime() / 1_000) * 1_000 - THEN;
        expect(retryAfterMillis(date.toUTCString(), THEN)).to.equal(Math.min(asked, DAY_MILLIS));
      }),
    );
  });

  it('is over if its date is', () => {
    expect(retryAfterMillis(new Date(THEN).toUTCString(), THEN)).to.equal(0);
    expect(retryAfterMillis(new Date(THEN - 60_000).toUTCString(), THEN)).to.equal(0);
  });

  it('is no more than a day if its date is later', () => {
    expect(retryAfterMillis(new Date(THEN + 2 * DAY_MILLIS).toUTCString(), THEN)).to.equal(DAY_MILLIS);
  });

  it('says nothing if it is anything else', () => {
    for (const text of [
      undefined,
      '',
      ' ',
      '-5',
      '1.5',
      '1e3',
      '0x10',
      '30 seconds',
      'soon',
      'Tue',
      '2026-11-22T05:00:00Z',
      'Sun, 06 Nov 1994 08:49:37 CET',
      'Sun, 06 Nix 1994 08:49:37 GMT',
      'Sun, 06 Nov 1994 99:49:37 GMT',
    ])
      expect(retryAfterMillis(text, THEN), String(text)).to.equal(undefined);
  });

  it('is kept within 0 and a day when others have read it', () => {
    expect([-1, 0, 1_500, DAY_MILLIS + 1, Infinity, -Infinity, NaN].map(waitMillis)).to.deep.equal([
      0,
      0,
      1_500,
      DAY_MILLIS,
      DAY_MILLIS,
      0,
      undefined,
    ]);
  });
});
