import { expect } from 'chai';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runForJson } from 'test-helpers/run-fixture';
import { skipBecause } from 'test-helpers/skip-because';
import { parseProcessMemory } from '../../src/linux/proc-status.js';
import type { ProcessMemory } from '../../src/linux/proc-status.js';

const MIB = 1024 * 1024;

/**
 * The kernel counts pages per thread and adds them up in batches, so two of its own files differ by a few hundred pages
 * (proc_pid_status(5): "inaccurate").
 */
const SLACK_BYTES = 8 * MIB;

const nothing: ProcessMemory = {
  residentBytes: null,
  peakBytes: null,
  virtualBytes: null,
  anonymousBytes: null,
  fileBytes: null,
  sharedBytes: null,
  swapBytes: null,
};

/** A real one, of Linux 6.18. */
const STATUS = `Name:	node
Umask:	0022
State:	R (running)
Pid:	12570
FDSize:	256
VmPeak:	 1228700 kB
VmSize:	 1218928 kB
VmLck:	       0 kB
VmPin:	       0 kB
VmHWM:	   61808 kB
VmRSS:	   51808 kB
RssAnon:	   11716 kB
RssFile:	   40088 kB
RssShmem:	       4 kB
VmData:	  102224 kB
VmStk:	     132 kB
VmSwap:	      12 kB
HugetlbPages:	       0 kB
Threads:	11
`;

describe('parseProcessMemory', () => {
  it('reads a real file, in bytes of 1024 to the kB', () => {
    expect(parseProcessMemory(STATUS)).to.deep.equal({
      residentBytes: 51_808 * 1024,
      peakBytes: 61_808 * 1024,
      virtualBytes: 1_218_928 * 1024,
      anonymousBytes: 11_716 * 1024,
      fileBytes: 40_088 * 1024,
      sharedBytes: 4 * 1024,
      swapBytes: 12 * 1024,
    });
  });

  describe('against the kernel', () => {
    before(function () {
      if (process.platform !== 'linux') skipBecause(this, 'needs procfs');
    });

    function ownMemory(): Record<keyof ProcessMemory, number> {
      const memory = parseProcessMemory(readFileSync('/proc/self/status', 'latin1'));
      for (const value of Object.values(memory!)) expect(value).to.be.a('number');
      return memory as Record<keyof ProcessMemory, number>;
    }

    it('agrees with process.memoryUsage.rss() before and after', () => {
      const before = process.memoryUsage.rss();
      const { residentBytes } = ownMemory();
      const after = process.memoryUsage.rss();
      expect(residentBytes).to.be.within(
        Math.min(before, after) - SLACK_BYTES,
        Math.max(before, after) + SLACK_BYTES,
      );
    });

    it('has parts that add up to the whole in the same read', () => {
      const { residentBytes, anonymousBytes, fileBytes, sharedBytes } = ownMemory();
      expect(anonymousBytes + fileBytes + sharedBytes).to.equal(residentBytes);
    });

    it('has a peak and a virtual size that are no smaller than what is resident', () => {
      const { residentBytes, peakBytes, virtualBytes } = ownMemory();
      expect(peakBytes).to.be.at.least(residentBytes);
      expect(virtualBytes).to.be.at.least(residentBytes);
    });

    it('sees 64 MiB that are written to as anonymous memory', async () => {
      // In a process of its own: to make room, V8 gives back what earlier tests have left in this one.
      const { before, after } = await runForJson<Record<'before' | 'after', ProcessMemory>>('-e', {
        args: [
          `const { parseProcessMemory } = require(process.argv[1]);
          const read = () => parseProcessMemory(require('node:fs').readFileSync('/proc/self/status', 'latin1'));
          read();
          const before = read();
          const block = Buffer.alloc(${64 * MIB}, 1);
          console.log(JSON.stringify({ before, after: read(), last: block.at(-1) }));`,
          join(__dirname, '../../src/linux/proc-status.js'),
        ],
      });
      const grown = (part: keyof ProcessMemory): number => after[part]! - before[part]!;
      for (const part of ['anonymousBytes', 'residentBytes'] as const) {
        expect(grown(part), part).to.be.within(64 * MIB - SLACK_BYTES, 64 * MIB + SLACK_BYTES);
      }
      // Node reserves more for what it does meanwhile.
      expect(grown('virtualBytes')).to.be.at.least(64 * MIB);
    });
  });

  it('gives null for a line that is missing, and the rest all the same', () => {
    expect(parseProcessMemory('VmRSS:\t     100 kB\n')).to.deep.equal({ ...nothing, residentBytes: 102_400 });
    // Linux before 4.5 has no parts.
    const old = STATUS.replace(/^Rss.*\n/gm, '');
    expect(parseProcessMemory(old)).to.deep.equal({
      ...parseProcessMemory(STATUS),
      anonymousBytes: null,
      fileBytes: null,
      sharedBytes: null,
    });
  });

  it('reads a last line without its line break', () => {
    expect(parseProcessMemory('VmRSS:\t     100 kB')?.residentBytes).to.equal(102_400);
  });

  it('reads any numbers back from the lines that the kernel makes of them, in any order', () => {
    const names = {
      VmRSS: 'residentBytes',
      VmHWM: 'peakBytes',
      VmSize: 'virtualBytes',
      RssAnon: 'anonymousBytes',
      RssFile: 'fileBytes',
      RssShmem: 'sharedBytes',
      VmSwap: 'swapBytes',
    } as const;
    const kibibytes = fc.integer({ min: 0, max: 2 ** 40 });
    fc.assert(
      fc.property(
        fc.shuffledSubarray(Object.keys(names) as (keyof typeof names)[], { minLength: 1 }),
        fc.array(kibibytes, { minLength: 7, maxLength: 7 }),
        (present, numbers) => {
          const expected: Record<string, number | null> = { ...nothing };
          let text = 'Name:\tnode\nVmPeak:\t 5 kB\n';
          for (const [index, name] of present.entries()) {
            text += `${name}:\t${String(numbers[index]!).padStart(8)} kB\nThreads:\t1\n`;
            expected[names[name]] = numbers[index]! * 1024;
          }
          expect(parseProcessMemory(text)).to.deep.equal(expected);
        },
      ),
    );
  });

  const nonsense: [string, string][] = [
    ['nothing', ''],
    ['binary', '\0\u00ff\u0001'],
    ['a kernel thread, which has no memory', 'Name:\tkthreadd\nState:\tS (sleeping)\nThreads:\t1\n'],
    ['another file', 'Max open files            1024                 4096                 files\n'],
    ['a name without a number', 'VmRSS:\n'],
    ['a number on the next line', 'VmRSS:\n    100 kB\n'],
    ['a negative number', 'VmRSS:\t-100 kB\n'],
    ['another unit', 'VmRSS:\t100 MB\n'],
    ['something behind the unit', 'VmRSS:\t100 kB or so\n'],
    ['a name inside of a line', 'Name:\tVmRSS:\t100 kB\n'],
    ['a longer name', 'VmRSSx:\t100 kB\nRssAnonymous:\t100 kB\n'],
  ];
  for (const [what, text] of nonsense) {
    it(`gives undefined for ${what}`, () => {
      expect(parseProcessMemory(text)).to.equal(undefined);
    });
  }

  it('never throws and never gives anything but multiples of 1024, null or undefined', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('VmRSS:', 'RssAnon:', '\t', ' ', '\n', '100', '0', ' kB', ' kB\n'),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join('')),
        text => {
          const memory = parseProcessMemory(text);
          if (memory === undefined) return;
          const values = Object.values(memory) as (number | null)[];
          expect(values.some(value => value !== null)).to.equal(true);
          for (const value of values) expect(value === null || value % 1024 === 0).to.equal(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});
