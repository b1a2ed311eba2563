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

  it('say of themselves what they said', () => {
    class Silent {
      readonly a = 1;
      toJSON(): undefined {
        return undefined;
      }
    }
    class Failing {
      readonly a = 1;
      toJSON(): never {
        throw new Error('no');
      }
    }
    const value = {
      at: new Date(0),
      never: new Date(NaN),
      where: [new URL('https://example.com/a'), new Silent()],
      silent: new Silent(),
    };
    expect(JSON.stringify(roundTrip(value))).to.equal(JSON.stringify(value));
    expect(Object.entries(roundTrip(new Silent()) as object)).to.deep.equal([['a', 1]]);
    expect(roundTrip(new Failing())).to.deep.equal({ a: 1 });
  });

  it('know a Buffer from other bytes', () => {
    const [buffer, bytes] = roundTrip([Buffer.from('é'), new Uint8Array([1, 2])]) as [Buffer, Uint8Array];
    expect(String(buffer)).to.equal('é');
    expect(String(bytes)).to.equal('1,2');
  });

  it('keep all of an error, the fields that are not enumerated too', () => {
    const error = Object.assign(new TypeError('no', { cause: new Error('why') }), {
      code: 'E_NO',
      at: new Date(0),
    });
    const read = roundTrip({ error }) as { error: Error };
    expect(read.error).to.be.instanceOf(Error);
    const names = Object.getOwnPropertyNames(error);
    expect(Object.getOwnPropertyNames(read.error)).to.deep.equal(names);
    expect(Object.keys(read.error)).to.deep.equal(['code', 'at']);
    expect(JSON.stringify(read.error, names)).to.equal(JSON.stringify(error, names));
    expect(read.error.stack).to.equal(error.stack);
    expect((read.error.cause as Error).message).to.equal('why');
  });

  it('leave out the causes of an error that contain it, and do not go all ways through them', () => {
    const error = new AggregateError([1, 2], 'no');
    error.errors = [error, { error }, error];
    Object.defineProperty(error, 'cause', { value: { error }, enumerable: false });
    const read = roundTrip({ error }) as { error: AggregateError };
    expect(read.error.message).to.equal('no');
    expect(Object.getOwnPropertyNames(read.error)).to.deep.equal(['stack', 'message']);
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
