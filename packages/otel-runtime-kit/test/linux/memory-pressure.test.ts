import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { parseMemoryPressure } from '../../src/linux/memory-pressure.js';
import { skipBecause } from 'test-helpers/skip-because';

const SOME = 'some avg10=1.53 avg60=0.87 avg300=0.21 total=2871946\n';
const FULL = 'full avg10=0.00 avg60=0.11 avg300=0.09 total=500001\n';

describe('parseMemoryPressure', () => {
  it('takes the totals, in seconds', () => {
    expect(parseMemoryPressure(SOME + FULL)).to.deep.equal({ some: 2.871946, full: 0.500001 });
    expect(parseMemoryPressure((FULL + SOME).trim())).to.deep.equal({ some: 2.871946, full: 0.500001 });
  });

  it('is undefined unless both lines are there and whole', () => {
    for (const text of [
      '',
      SOME,
      FULL,
      `${SOME}full avg10=0.00`,
      `${SOME}full total=x`,
      `x${SOME}x${FULL}`,
    ]) {
      expect(parseMemoryPressure(text), JSON.stringify(text)).to.equal(undefined);
    }
  });

  it('reads what this kernel says', function () {
    let text: string;
    try {
      text = readFileSync('/proc/pressure/memory', 'latin1');
    } catch (thrown) {
      skipBecause(this, `/proc/pressure/memory: ${String(thrown)}`);
    }
    const [some, full] = text.split('\n').map(line => Number(line.split('=').at(-1)) / 1e6);
    expect(parseMemoryPressure(text)).to.deep.equal({ some, full });
  });
});
