import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { skipBecause } from 'test-helpers/skip-because';
import { parseStartTime, thisProcessView } from '../../src/spool/process-view.js';

/** As the kernel writes it, of a program with that name. */
function stat(name: string, state: string): string {
  return `4711 (${name}) ${state} 1 4711 4711 0 -1 4194560 158 0 0 0 0 0 0 0 20 0 1 0 886633 2621440 230 18446744073709551615\n`;
}

describe('what a process sees of others', () => {
  it('is when they began, whatever they are called', () => {
    for (const name of ['node', 'a b', 'x) Z 1 (y', ') R', '']) {
      for (const state of ['R', 'S', 'D', 'T', 't', 'I']) {
        expect(parseStartTime(stat(name, state)), `${name} ${state}`).to.equal('886633');
      }
    }
    expect(parseStartTime('')).to.equal(undefined);
  });

  it('is nothing of one that has ended, though its entry is still there', () => {
    expect(parseStartTime(stat('node', 'Z'))).to.equal(undefined);
    expect(parseStartTime(stat('node', 'X'))).to.equal(undefined);
    expect(parseStartTime(stat('R (S', 'Z'))).to.equal(undefined);
  });

  it('is nothing of a number that nobody has', () => {
    // Beyond what any system gives.
    expect(thisProcessView().startTimeOf(2 ** 30)).to.equal(undefined);
  });

  it('is that a zombie has ended, and its parent not', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    // The shell becomes a program that never asks for the child it had.
    const parent = spawn('/bin/sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(parent, 'exit');
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const child = Number(line.toString());
      while (!/^State:\tZ/m.test(readFileSync(`/proc/${child}/status`, 'utf8'))) {
        await new Promise(resolve => setTimeout(resolve, 20));
      }
      const view = thisProcessView();
      expect(view.startTimeOf(child)).to.equal(undefined);
      expect(view.startTimeOf(Number(parent.pid))).to.match(/^\d+$/);
      expect(view.self.startTime).to.equal(view.startTimeOf(process.pid));
    } finally {
      parent.kill('SIGKILL');
      await ended;
    }
  });
});
