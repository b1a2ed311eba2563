import { expect } from 'chai';
import { ItemSizes, bytesOfPayload } from '../../src/pipeline/item-size.js';

describe('the size of items that are not written', () => {
  it('is that of their texts, of the first ones and one in sixteen, and about that of these for the others', () => {
    const sizes = new ItemSizes();
    let asked = 0;
    const next = (text: string | undefined): ReturnType<ItemSizes['next']> =>
      sizes.next(() => {
        asked += 1;
        return text;
      });
    expect(next(undefined), 'of one without a text').to.deep.equal({ bytes: 1_500, payload: undefined });
    const short = 'x'.repeat(100);
    const long = 'x'.repeat(1_000);
    for (let count = 1; count < 2_048; count += 1) {
      expect(next(short)).to.deep.equal({ bytes: bytesOfPayload(short), payload: short });
    }
    expect(asked).to.equal(2_048);
    expect(next(long)).to.deep.equal({ bytes: bytesOfPayload(long), payload: long });
    expect(next(long).bytes, 'between the two').to.be.within(
      bytesOfPayload(short) + 1,
      bytesOfPayload(long) - 1,
    );
    for (let count = 0; count < 16 * 60; count += 1) next(long);
    expect(asked).to.equal(2_048 + 61);
    expect(next(long).bytes).to.be.closeTo(bytesOfPayload(long), 1);
  });
});
