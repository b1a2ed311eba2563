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
    for (let count = 0; count < 15; count += 1) next('unasked');
    expect(asked).to.equal(1);
    expect(next('x'.repeat(100))).to.equal(bytesOfText('x'.repeat(100)));
    for (let count = 0; count < 16 * 60; count += 1) next('x'.repeat(1_000));
    expect(asked).to.equal(62);
    expect(next('x'.repeat(1_000))).to.be.closeTo(bytesOfText('x'.repeat(1_000)), 1);
  });
});
