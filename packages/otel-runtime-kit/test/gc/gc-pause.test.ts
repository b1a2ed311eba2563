import { expect } from 'chai';
import { gcPauseOf } from '../../src/gc/gc-pause.js';

describe('a pause', () => {
  it('is what the entry says, in seconds', () => {
    const entry = { startTime: 1234.5, duration: 2.5, detail: { kind: 4, flags: 0 } };
    expect(gcPauseOf(entry)).to.deep.equal({
      type: 'major',
      startMillis: 1234.5,
      seconds: 0.0025,
      forced: false,
    });
  });

  for (const [flags, forced] of [
    [0, false],
    [2, false],
    [4, true],
    [6, true],
    [8, false],
    [32, false],
    [36, true],
    [40, false],
    [64, false],
    [undefined, false],
  ] as const) {
    it(`with flags ${flags ?? 'undefined'} was ${forced ? '' : 'not '}forced`, () => {
      expect(gcPauseOf({ startTime: 0, duration: 1, detail: { kind: 1, flags } }).forced).to.equal(forced);
    });
  }

  for (const [what, detail] of Object.entries({
    'no detail': undefined,
    'null for a detail': null,
    'an empty detail': {},
    'a number for a detail': 4,
    'a kind that is no number': { kind: '4', flags: '4x' },
  })) {
    it(`of an entry with ${what} is of unknown type and not forced`, () => {
      expect(gcPauseOf({ startTime: 1, duration: 1, detail })).to.include({ type: 'unknown', forced: false });
    });
  }
});
