import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { decodeValue, encodeValue } from '../../src/items/values.js';

const roundTrip = (value: unknown): unknown => decodeValue(JSON.parse(JSON.stringify(encodeValue(value))));

const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.boolean(),
  fc.double(),
  fc.integer(),
  fc.bigInt(),
  fc.constant(null),
  fc.constant(undefined),
  fc.uint8Array().map(bytes => new Uint8Array(bytes)),
);
const anyValue = fc.letrec(tie => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value')), fc.dictionary(fc.string(), tie('value'))),
})).value;

describe('values as JSON', () => {
  it('come back as they were, whatever they are', () => {
    fc.assert(
      fc.property(anyValue, value => {
        expect(roundTrip(value)).to.deep.equal(structuredClone(value));
      }),
    );
  });

  for (const value of [
    NaN,
    Infinity,
    -Infinity,
    -0,
    2n ** 70n,
    undefined,
    { $: 'x' },
    { $: { $: 1 } },
    [[]],
  ]) {
    it(`keep ${inspect(value)} of type ${typeof value}`, () => {
      const read = roundTrip(value);
      expect(read).to.deep.equal(value);
      expect(Object.is(read, value) || typeof value === 'object').to.equal(true);
    });
  }

  it('keep half a surrogate pair, which UTF-8 has not', () => {
    expect(roundTrip('\ud800x')).to.equal('\ud800x');
  });

  it('are the same object where JSON needs no help', () => {
    const plain = { a: 'b', c: [1, 2, { d: null }], e: { f: true } };
    expect(encodeValue(plain)).to.equal(plain);
  });

  it('do not change what they are made of', () => {
    const value = { a: [1, NaN, { b: 2n }], c: { d: undefined } };
    const copy = structuredClone(value);
    encodeValue(value);
    expect(value).to.deep.equal(copy);
  });

  it('do not let an object speak for itself', () => {
    const value = { a: 1, toJSON: () => 'something else' };
    expect(roundTrip(value)).to.deep.equal({ a: 1, toJSON: undefined });
    expect(roundTrip(new Date(0))).to.deep.equal({});
  });

  it('take no harm from names that mean something to JavaScript', () => {
    const value = JSON.parse('{"__proto__":{"a":1},"constructor":2}') as object;
    const read = roundTrip(value) as object;
    expect(Object.keys(read)).to.deep.equal(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(read)).to.equal(Object.prototype);
  });

  it('refuse what contains itself', () => {
    const value: Record<string, unknown> = {};
    value['self'] = [value];
    expect(() => encodeValue(value)).to.throw(RangeError, 'nested more than 64 deep, or contains itself');
  });
});
