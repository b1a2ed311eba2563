import { expect } from 'chai';
import { AssumedSize, bytesOfText } from '../../src/pipeline/item-size.js';

describe('the size of items that are not written', () => {
  it('is that of the first, and moves towards that of those that are measured later, one in sixteen', () => {
    const size = new AssumedSize();
    let asked = 0;
    const next = (text: string | undefined): number =>
      size.next(() => {
        asked += 1;
        return text;
      });
    expect(next(undefined), 'of one without a text').to.equal(1_500);
    expect(next('x'.repeat(100))).to.equal(bytesOfText('x'.repeat(100)));
    for (let count = 2; count < 1_000; count += 1) next('x'.repeat(100));
    expect(asked).to.equal(1_000);
    for (let count = 0; count < 16 * 60; count += 1) next('x'.repeat(1_000));
    expect(asked).to.equal(1_060);
    expect(next('x'.repeat(1_000))).to.be.closeTo(bytesOfText('x'.repeat(1_000)), 1);
  });
});
