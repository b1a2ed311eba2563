import { expect } from 'chai';
import fc from 'fast-check';
import { ByteWriter, fragmentOf } from '../../src/otlp/byte-writer.js';
import { KeyCache } from '../../src/otlp/key-cache.js';

const KIB = 1024;

describe('a writer of bytes', () => {
  it('has what was written to it, in order, whatever its size', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.string({ unit: 'binary', maxLength: 30 }), fc.nat({ max: 3_000 }), fc.nat({ max: 3 })),
        ),
        pieces => {
          const writer = new ByteWriter();
          writer.reset(5);
          const expected = pieces.map(([unit, times, way]) => {
            const text = way === 3 ? 'a'.repeat(times) : unit.repeat(times / 20);
            const bytes = Buffer.from(text);
            if (way === 0) writer.fragment(fragmentOf(bytes));
            else if (way === 1) writer.raw(bytes);
            else if (way === 2) writer.utf8(text);
            else writer.ascii(text);
            return bytes;
          });
          const written = Buffer.from(writer.written(5));
          expect(written.equals(Buffer.concat(expected))).to.equal(true);
        },
      ),
    );
  });

  it('does not hold the size of its largest item for ever', () => {
    const writer = new ByteWriter();
    const first = writer.bytes.length;
    writer.raw(new Uint8Array(100 * KIB));
    writer.reset(0);
    expect(writer.bytes.length).to.be.within(100 * KIB, 200 * KIB);
    writer.raw(new Uint8Array(5_000 * KIB));
    writer.reset(0);
    expect(writer.bytes.length).to.equal(first);
  });
});

describe('keys that are kept', () => {
  it('are made once, and forgotten when there are too many', () => {
    const made: string[] = [];
    const cache = new KeyCache(key => {
      made.push(key);
      return key.length;
    });
    expect([cache.get('one'), cache.get('one'), cache.get('three')]).to.deep.equal([3, 3, 5]);
    expect(made).to.deep.equal(['one', 'three']);
    for (let index = 0; index < 1_000; index += 1) cache.get(`other ${index}`);
    cache.get('one');
    expect(made.filter(key => key === 'one')).to.have.length(2);
    cache.get('one');
    expect(made.filter(key => key === 'one')).to.have.length(2);
  });

  it('are not kept if they are long', () => {
    let made = 0;
    const cache = new KeyCache(() => (made += 1));
    const long = 'k'.repeat(129);
    cache.get(long);
    cache.get(long);
    expect(made).to.equal(2);
  });
});
