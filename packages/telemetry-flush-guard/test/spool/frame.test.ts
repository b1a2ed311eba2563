import { expect } from 'chai';
import fc from 'fast-check';
import { FrameWriter, HEADER_BYTES, RecordType, readRecords } from '../../src/spool/frame.js';

const writer = new FrameWriter();
const record = (number: number, payload: string): Buffer =>
  Buffer.from(writer.frame(RecordType.item, 7, number, payload));

const texts = (bytes: Buffer): string[] =>
  readRecords(bytes).records.map(({ payload }) => payload.toString());

describe('the frame of a record', () => {
  it('gives back type, code, number and payload, of any length and any text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.maxSafeNat().map(n => n % 2 ** 48),
            fc.string({ unit: 'binary' }),
          ),
        ),
        written => {
          const { records, damaged, tornBytes } = readRecords(
            Buffer.concat(written.map(([number, text]) => record(number, text))),
          );
          expect([damaged, tornBytes]).to.deep.equal([0, 0]);
          expect(records.map(({ number, payload }) => [number, payload.toString()])).to.deep.equal(
            written.map(([number, text]) => [number, Buffer.from(text).toString()]),
          );
          for (const { type, code } of records) expect([type, code]).to.deep.equal([RecordType.item, 7]);
        },
      ),
    );
  });

  it('may be longer than the buffer that it is made in', () => {
    const long = 'ä'.repeat(200_000);
    expect(texts(Buffer.concat([record(1, long), record(2, 'b')]))).to.deep.equal([long, 'b']);
  });

  it('is refused when it is too long to be read again', () => {
    expect(() => record(1, 'x'.repeat(16 * 1024 * 1024 + 1))).to.throw(RangeError, 'too long');
  });

  it('survives the damage of any other: each byte in turn, with any value', () => {
    const [one, two, three] = [record(1, 'first'), record(2, 'second'), record(3, 'third')];
    const whole = Buffer.concat([one, two, three]);
    for (let at = 0; at < whole.length; at += 1) {
      const hit = at < one.length ? 'first' : at < one.length + two.length ? 'second' : 'third';
      for (const change of [1, 0x80, 0xff]) {
        const bytes = Buffer.from(whole);
        bytes[at]! ^= change;
        const rest = ['first', 'second', 'third'].filter(text => text !== hit);
        expect(texts(bytes), `byte ${at} ^ ${change}`).to.deep.equal(rest);
        const { damaged, tornBytes } = readRecords(bytes);
        expect([damaged, tornBytes], `byte ${at}`).to.deep.equal([1, 0]);
      }
    }
  });

  it('tells a record that was never finished from one that was damaged', () => {
    const [one, two] = [record(1, 'first'), record(2, 'second')];
    for (let left = 1; left < two.length; left += 1) {
      const result = readRecords(Buffer.concat([one, two.subarray(0, left)]));
      expect(result.records).to.have.length(1);
      expect([result.damaged, result.tornBytes], `${left} bytes left`).to.deep.equal([0, left]);
    }
    expect(readRecords(Buffer.concat([one, Buffer.alloc(HEADER_BYTES + 5)]))).to.include({
      damaged: 1,
      tornBytes: 0,
    });
  });

  it('is found again after any rubbish, also such as looks like a beginning', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), rubbish => {
        const bytes = Buffer.concat([
          record(1, 'a'),
          rubbish,
          record(2, 'b').subarray(0, 30),
          record(3, 'c'),
        ]);
        const found = texts(bytes);
        expect(found.at(0)).to.equal('a');
        expect(found.at(-1)).to.equal('c');
      }),
    );
  });
});
