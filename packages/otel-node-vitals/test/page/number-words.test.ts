import { expect } from 'chai';
import fc from 'fast-check';
import {
  bytes,
  bytesPerMinute,
  duration,
  perMinute,
  percent,
  timeToLimit,
} from '../../src/page/number-words.js';

describe('the words for numbers on the page', () => {
  it('are what people say', () => {
    expect([0, 999, 1000, 1024, 182 * 1024 ** 2, 1000 * 1024 ** 2, 2.5 * 1024 ** 3].map(bytes)).to.deep.equal(
      ['0 B', '999 B', '0.977 KiB', '1 KiB', '182 MiB', '0.977 GiB', '2.5 GiB'],
    );
    expect([0.0043, 1, 59.6, 125, 2_773, 3_599.9, 6_360, 93_600, 604_799].map(duration)).to.deep.equal([
      '4.3 ms',
      '1 s',
      '1 min',
      '2 min 5 s',
      '46 min',
      '1 h',
      '1 h 46 min',
      '1 d 2 h',
      '7 d',
    ]);
    expect([0, 0.00255, 0.044, 0.364, 1].map(percent)).to.deep.equal([
      '0 %',
      '0.26 %',
      '4.4 %',
      '36 %',
      '100 %',
    ]);
    expect([-1, 0, 6_360, 604_799, 604_800].map(timeToLimit)).to.deep.equal([
      'reached',
      'reached',
      'in 1 h 46 min',
      'in 7 d',
      'not in sight',
    ]);
    expect(bytesPerMinute(54_176)).to.equal('+3.1 MiB/min');
    expect(bytesPerMinute(-54_176)).to.equal('\u22123.1 MiB/min');
    expect(perMinute(-0.5)).to.equal('\u221230/min');
  });

  it('say bytes and times within half a percent, and a time of an hour and more within half of its last unit', () => {
    const sizes: Readonly<Record<string, number>> = {
      B: 1,
      KiB: 2 ** 10,
      MiB: 2 ** 20,
      GiB: 2 ** 30,
      TiB: 2 ** 40,
      PiB: 2 ** 50,
    };
    fc.assert(
      fc.property(fc.double({ min: 1, max: 2 ** 53, noNaN: true }), value => {
        const [number = '', unit = ''] = bytes(value).split(' ');
        const said = Number(number.replaceAll(',', '')) * (sizes[unit] ?? NaN);
        expect(Math.abs(said - value)).to.be.at.most(Math.max(0.5, value * 0.00501));
      }),
    );
    const seconds: Readonly<Record<string, number>> = {
      µs: 1e-6,
      ms: 1e-3,
      s: 1,
      min: 60,
      h: 3_600,
      d: 86_400,
    };
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 604_800, noNaN: true }), value => {
        const parts = [...duration(value).matchAll(/([\d.,]+) (\S+)/g)];
        const said = parts.reduce(
          (sum, part) => sum + Number(part[1]?.replaceAll(',', '')) * (seconds[part[2] ?? ''] ?? NaN),
          0,
        );
        const coarsest = value >= 86_370 ? 1_800 : value >= 599 ? 30 : value >= 9 ? 0.5 : value * 0.00501;
        expect(Math.abs(said - value)).to.be.at.most(coarsest + 1e-9);
      }),
    );
  });
});
