import { getSystemErrorMap } from 'node:util';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import {
  ERROR_TYPES,
  OTHER_ERROR_TYPE,
  UnexpectedContentError,
  errorType,
} from '../../src/sampling/error-type.js';

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
}

describe('errorType', () => {
  it('has a fixed list without repetition, and the name of OpenTelemetry for the rest', () => {
    expect(OTHER_ERROR_TYPE).to.equal('_OTHER');
    expect(new Set(ERROR_TYPES).size).to.equal(ERROR_TYPES.length);
    expect(ERROR_TYPES).to.include(OTHER_ERROR_TYPE);
  });

  for (const code of ERROR_TYPES.filter(type => /^E[A-Z]+$/.test(type))) {
    it(`knows an error with the code ${code}`, () => {
      expect(errorType(Object.assign(new Error('made up'), { code }))).to.equal(code);
    });
  }

  it('has only system codes that this platform can give', () => {
    // libuv has no EOPNOTSUPP: on Linux it is the same number as ENOTSUP, and a code that is never given is no use.
    const names = new Set([...getSystemErrorMap().values()].map(([name]) => name));
    const codes = ERROR_TYPES.filter(type => /^E[A-Z]+$/.test(type));
    expect(codes.filter(code => !names.has(code))).to.deep.equal([]);
    expect(codes).to.have.lengthOf.above(10);
  });

  it('knows real errors of the system', () => {
    expect(errorType(thrownBy(() => readFileSync('/proc/self/no-such-file')))).to.equal('ENOENT');
    expect(errorType(thrownBy(() => readFileSync(__filename + '/below')))).to.equal('ENOTDIR');
    expect(errorType(thrownBy(() => readFileSync(1_000_000)))).to.equal('EBADF');
  });

  it('knows its own error and those of the language by name', () => {
    expect(errorType(new UnexpectedContentError('no line "Max open files"'))).to.equal(
      'UnexpectedContentError',
    );
    expect(errorType(new TypeError('made up'))).to.equal('TypeError');
    expect(errorType(thrownBy(() => 'x'.repeat(-1)))).to.equal('RangeError');
    // Node's own have a code besides, which is not in the list: the name counts.
    expect(errorType(thrownBy(() => Buffer.alloc(4).readInt32LE(9)))).to.equal('RangeError');
  });

  it('knows errors of another realm, as node:fs throws under Jest', () => {
    const foreign: unknown = runInNewContext("Object.assign(new Error('x'), { code: 'EMFILE' })");
    expect(foreign).not.to.be.instanceOf(Error);
    expect(errorType(foreign)).to.equal('EMFILE');
    expect(errorType(runInNewContext("new TypeError('x')"))).to.equal('TypeError');
  });

  const strange: [string, unknown][] = [
    ['a plain error', new Error('x')],
    ['a SyntaxError', new SyntaxError('x')],
    ['an unknown code', Object.assign(new Error('x'), { code: 'EWHATEVER' })],
    ['a numeric code', Object.assign(new Error('x'), { code: 24 })],
    ['a code that only looks known', Object.assign(new Error('x'), { code: ['ENOENT'] })],
    ['a code from the prototype chain', Object.assign(new Error('x'), { code: 'constructor' })],
    ['undefined', undefined],
    ['null', null],
    ['a string', 'ENOENT'],
    ['a number', 2],
    ['a symbol', Symbol('ENOENT')],
    ['a function', function enoent() {}],
    ['an object without a prototype', Object.create(null)],
    [
      'an object whose getters throw',
      {
        get code(): string {
          throw new Error('no code');
        },
      },
    ],
  ];
  for (const [what, thrown] of strange) {
    it(`counts ${what} as ${OTHER_ERROR_TYPE}`, () => {
      expect(errorType(thrown)).to.equal('_OTHER');
    });
  }
});
