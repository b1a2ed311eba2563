import { expect } from 'chai';
import { WritePace } from '../../src/spool/write-pace.js';

/** Which of the writes, by their milliseconds, finds the disk too slow. */
function tooSlow(...writes: number[]): number[] {
  const pace = new WritePace();
  return writes.flatMap((millis, index) => (pace.isTooSlow(millis) ? [index] : []));
}

describe('the pace of writes', () => {
  it('makes a disk too slow at the third slow write, and then counts anew', () => {
    expect(tooSlow(50, 60, 70, 80, 90, 100)).to.deep.equal([2, 5]);
    expect(tooSlow(49.9, 49.9, 49.9, 49.9)).to.deep.equal([]);
  });

  it('forgets a slow write after a hundred fast ones', () => {
    const fast = Array.from({ length: 101 }, () => 1);
    expect(tooSlow(60, ...fast, 60, ...fast, 60, ...fast, 60)).to.deep.equal([]);
    expect(tooSlow(60, ...fast.slice(0, 50), 60, 60, 60)).to.deep.equal([53]);
  });
});
