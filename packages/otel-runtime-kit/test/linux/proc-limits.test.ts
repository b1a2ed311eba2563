import { expect } from 'chai';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { skipBecause } from 'test-helpers/skip-because';
import { parseOpenFilesLimit } from '../../src/linux/proc-limits.js';

/** The file as the kernel prints it: fs/proc/base.c, proc_pid_limits(). */
function kernelText(soft: string, hard: string): string {
  const line = (name: string, a: string, b: string, unit: string): string =>
    `${name.padEnd(25)} ${a.padEnd(20)} ${b.padEnd(20)} ${unit.padEnd(10)}\n`;
  return (
    line('Limit', 'Soft Limit', 'Hard Limit', 'Units') +
    line('Max processes', '96365', '96365', 'processes') +
    line('Max open files', soft, hard, 'files') +
    line('Max locked memory', '8388608', '8388608', 'bytes') +
    line('Max file locks', 'unlimited', 'unlimited', 'locks')
  );
}

const limit = fc.oneof(
  fc.constant(null),
  fc.nat(),
  fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  fc.constantFrom(0, 256, 1024, 1_048_576, 1_073_741_816),
);

describe('parseOpenFilesLimit', () => {
  describe('against the shell that asks the kernel', () => {
    before(function () {
      if (process.platform !== 'linux') skipBecause(this, 'needs procfs');
    });

    for (const [soft, hard] of [
      [64, 128],
      [100, 100],
      [7, 1_000],
    ] as const) {
      it(`with a soft limit of ${soft} and a hard one of ${hard}`, () => {
        const { stdout, status } = spawnSync(
          'sh',
          ['-c', `ulimit -Sn ${soft}; ulimit -Hn ${hard}; ulimit -Sn; ulimit -Hn; cat /proc/self/limits`],
          { encoding: 'utf8' },
        );
        expect(status).to.equal(0);
        const [softByShell, hardByShell, ...lines] = stdout.split('\n');
        expect([softByShell, hardByShell]).to.deep.equal([String(soft), String(hard)]);
        expect(parseOpenFilesLimit(lines.join('\n'))).to.deep.equal({ soft, hard });
      });
    }

    it('with the limits of this process', () => {
      const { stdout } = spawnSync('sh', ['-c', 'ulimit -Sn; ulimit -Hn'], { encoding: 'utf8' });
      const [soft, hard] = stdout
        .trim()
        .split('\n')
        .map(word => (word === 'unlimited' ? null : Number(word)));
      expect(parseOpenFilesLimit(readFileSync('/proc/self/limits', 'utf8'))).to.deep.equal({ soft, hard });
    });
  });

  it('gives null for unlimited', () => {
    expect(parseOpenFilesLimit(kernelText('unlimited', 'unlimited'))).to.deep.equal({
      soft: null,
      hard: null,
    });
    expect(parseOpenFilesLimit(kernelText('1024', 'unlimited'))).to.deep.equal({ soft: 1024, hard: null });
  });

  it('reads back any limits from the text that the kernel makes of them', () => {
    const word = (value: number | null): string => (value === null ? 'unlimited' : String(value));
    fc.assert(
      fc.property(limit, limit, (soft, hard) => {
        expect(parseOpenFilesLimit(kernelText(word(soft), word(hard)))).to.deep.equal({ soft, hard });
      }),
    );
  });

  const nonsense: [string, string][] = [
    ['nothing', ''],
    ['binary', '\0\u00ff\u0001'],
    ['another file', 'Name:\tnode\nUmask:\t0022\n'],
    ['a file without the line', kernelText('1', '2').replace(/^Max open files.*\n/m, '')],
    ['a line that is cut off', 'Max open files'],
    ['a line that is cut off after the soft limit', 'Max open files            1024'],
    ['a line whose rest is on the next', 'Max open files            1024\n                 4096  files'],
    ['words for numbers', kernelText('many', 'more')],
    ['negative numbers', kernelText('-1', '-1')],
    ['fractions', kernelText('10.5', '20')],
    ['the name inside of another line', 'xMax open files            1024                 4096  files\n'],
    ['another name that begins like it', 'Max open filesystems       1024                 4096  files\n'],
  ];
  for (const [what, text] of nonsense) {
    it(`gives undefined for ${what}`, () => {
      expect(parseOpenFilesLimit(text)).to.equal(undefined);
    });
  }

  it('never throws and never gives anything but whole numbers, null or undefined', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('Max open files', ' ', '\t', '\n', 'unlimited', '1024', '-1', 'files'),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join('')),
        text => {
          const parsed = parseOpenFilesLimit(text);
          if (parsed === undefined) return;
          expect(text).to.contain('Max open files');
          for (const value of [parsed.soft, parsed.hard]) {
            expect(value === null || (Number.isInteger(value) && value >= 0)).to.equal(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
