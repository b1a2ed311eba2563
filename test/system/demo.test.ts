import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { repositoryRoot } from 'test-helpers/repository';
import { runFixture, startFixture } from 'test-helpers/run-fixture';
import type { FixtureResult, RunningFixture } from 'test-helpers/run-fixture';
import { skipBecause } from 'test-helpers/skip-because';

const DEMO = join(repositoryRoot, 'examples', 'demo', 'dist', 'demo.js');
const SHORT = ['--seconds', '12'];
const SERVING = 'Still serving until Ctrl-C: healthily again, but what has leaked is still there.';

/** Looks at a service that has requests under way: the least of so many is what stays. */
const LOOKS = 20;

/** What the kernel says of the service, with no code of the demo or of the packages in between. */
interface Facts {
  readonly open: number;
  readonly ofKind: number;
  readonly leaked: number;
  readonly softLimit: number;
}

/** A demo that was looked at from outside before it was ended with SIGINT. */
interface Served {
  readonly result: FixtureResult;
  readonly facts: Facts;
}

/** Descriptors that somebody forgot, told by their targets. */
interface Forgotten {
  readonly isOfKind: (target: string) => boolean;
  readonly count: (pid: number, targets: readonly string[]) => number;
}

const FORGOTTEN: Readonly<Record<'socket-leak' | 'file-leak', Forgotten>> = {
  'file-leak': {
    isOfKind: target => target.startsWith('/') && !target.startsWith('/dev/'),
    count: (_pid, targets) =>
      targets.filter(target => target === join(repositoryRoot, 'examples', 'demo', 'package.json')).length,
  },
  'socket-leak': { isOfKind: target => target.startsWith('socket:'), count: connectionsToBackend },
};

/** Established TCP connections of a process to the port that most of them go to: it has no other kind of many. */
function connectionsToBackend(pid: number, targets: readonly string[]): number {
  const inodes = new Set(targets.map(target => /^socket:\[(\d+)\]$/.exec(target)?.[1]));
  const byPort = new Map<string, number>();
  for (const line of readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1)) {
    const [, , remote = '', state, , , , , , inode] = line.trim().split(/\s+/);
    if (state !== '01' || !inodes.has(inode)) continue;
    byPort.set(remote, (byPort.get(remote) ?? 0) + 1);
  }
  return Math.max(...byPort.values());
}

function targetsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap(name => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${name}`)];
    } catch {
      return []; // Closed since it was listed.
    }
  });
}

async function lookAt(pid: number, serviceUrl: string, { isOfKind, count }: Forgotten): Promise<Facts> {
  const facts = { open: Infinity, ofKind: Infinity, leaked: Infinity };
  for (let look = 0; look < LOOKS; look += 1) {
    const targets = targetsOf(pid);
    facts.open = Math.min(facts.open, targets.length);
    facts.ofKind = Math.min(facts.ofKind, targets.filter(isOfKind).length);
    facts.leaked = Math.min(facts.leaked, count(pid, targets));
    await (await fetch(serviceUrl)).text();
  }
  const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
  return { ...facts, softLimit: Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1]) };
}

/** The text that a child has printed when it has printed `line`. */
async function outputUpTo(line: string, running: RunningFixture): Promise<string> {
  let output = '';
  running.child.stdout.on('data', (text: string) => (output += text));
  await running.waitFor(line);
  return output;
}

function serviceIn(output: string): { url: string; pid: number } {
  const [, url = '', pid] = /^service (\S+) \(pid (\d+)\)$/m.exec(output) ?? [];
  return { url, pid: Number(pid) };
}

async function serve(fault: keyof typeof FORGOTTEN): Promise<Served> {
  const running = startFixture(DEMO, { args: ['--fault', fault, ...SHORT, '--serve'] });
  const { url, pid } = serviceIn(await outputUpTo(SERVING, running));
  const facts = await lookAt(pid, url, FORGOTTEN[fault]);
  running.child.kill('SIGINT');
  // The service has the demo's stdout: "ended" is the end of both.
  return { result: await running.ended, facts };
}

/** The numbers in the sentence on a fault. */
function numbersOf(fault: string, plural: string, stdout: string): number[] {
  const sentence = new RegExp(
    `^${fault}: descriptors grew (\\S+) a second, (\\S+) more in (\\S+) s; (\\d+) % are ${plural}; ` +
      'at this rate the limit of (\\S+) is reached in (\\S+) (s|min|h|days)\\.$',
    'm',
  ).exec(stdout);
  expect(sentence, stdout).not.to.equal(null);
  const seconds = { s: 1, min: 60, h: 3_600, days: 86_400 }[sentence![7]!]!;
  const numbers = sentence!.slice(1, 7).map(text => Number(text.replaceAll(',', '')));
  return [...numbers.slice(0, 5), numbers[5]! * seconds];
}

describe('npm run demo', function () {
  this.timeout(90_000);

  before(function () {
    if (process.platform === 'win32') skipBecause(this, 'there are no descriptors to observe on Windows');
  });

  describe('whole runs', () => {
    let served: Record<keyof typeof FORGOTTEN, Served>;
    let none: FixtureResult;
    let always: FixtureResult;

    before(async function () {
      if (process.platform !== 'linux') skipBecause(this, 'the facts are in /proc');
      const [socketLeak, fileLeak, ...controls] = await Promise.all([
        serve('socket-leak'),
        serve('file-leak'),
        runFixture(DEMO, { args: ['--fault', 'none', ...SHORT] }),
        runFixture(DEMO, { args: ['--fault', 'always', ...SHORT] }),
      ]);
      served = { 'socket-leak': socketLeak, 'file-leak': fileLeak };
      [none, always] = controls;
    });

    for (const [fault, plural] of [
      ['socket-leak', 'sockets'],
      ['file-leak', 'files'],
    ] as const) {
      it(`says of ${fault} what the kernel says`, () => {
        const { result, facts } = served[fault];
        const [grew, more, seconds, percent, limit, limitSeconds] = numbersOf(fault, plural, result.stdout);
        expect(more).to.equal(facts.leaked);
        expect(limit).to.equal(facts.softLimit);
        const perSecond = facts.leaked / seconds!;
        expect(grew).to.be.closeTo(perSecond, 0.2 * perSecond);
        // There is load again, hence a few connections more than when the sentence was made.
        expect(percent).to.be.closeTo((100 * facts.ofKind) / facts.open, 3);
        const left = (facts.softLimit - facts.open) / perSecond;
        expect(limitSeconds).to.be.closeTo(left, 0.25 * left);
      });

      it(`hands on the warning of ${fault}`, () => {
        const { stdout } = served[fault].result;
        const threshold = /; warning set to (\d+) descriptors$/m.exec(stdout)?.[1];
        const message = /^onPressure at \d+:\d\d: "(\d+) descriptors are open, .*"$/m.exec(stdout);
        expect(message?.[0]).to.contain(`above warnAtCount (${threshold!})`);
        expect(message?.[0]).to.contain(`of them are of kind ${plural.slice(0, -1)}`);
        expect(Number(message?.[1])).to.be.within(Number(threshold), served[fault].facts.open);
      });

      it(`ends ${fault} with 0, service and all, when --serve is interrupted`, () => {
        const { code, stdout, stderr } = served[fault].result;
        expect(code, stdout).to.equal(0);
        expect(stderr).to.equal('');
        expect(stdout).to.contain('Everything as expected.').and.not.to.contain('FAIL');
      });
    }

    it('fails when what claims to be a leak leaks nothing', () => {
      expect(none.code).to.equal(1);
      expect(/^Not as expected.*$/m.exec(none.stdout)?.[0])
        .to.contain('process_unix_file_descriptor_count (moved by none)')
        .and.contain('vitals_fd_growth (moved by none)')
        .and.contain('vitals_fd_open{vitals_fd_kind="socket"} (moved by none)')
        .and.contain('vitals_fd_time_to_limit (moved by none)')
        .and.contain('onPressure (moved by none)')
        .and.not.contain('quiet while healthy');
    });

    it('fails when the healthy phase is not quiet', () => {
      expect(always.code).to.equal(1);
      expect(/^Not as expected.*$/m.exec(always.stdout)?.[0])
        .to.contain('process_unix_file_descriptor_count (quiet while healthy)')
        .and.contain('vitals_fd_growth (quiet while healthy)')
        .and.not.contain('vitals_fd_growth (moved by always)');
    });
  });

  describe('its end', () => {
    for (const [signal, code] of [
      ['SIGTERM', 143],
      ['SIGKILL', null],
    ] as const) {
      it(`takes the service along when ${signal} ends it`, async () => {
        const running = startFixture(DEMO);
        // The heading of the table: the service is up.
        await running.waitFor(
          'time  phase    requests/s  descriptors  growth/s      mostly  of limit  limit in',
        );
        running.child.kill(signal);
        // The service has the demo's stdout: as long as it lives, this does not resolve.
        expect((await running.ended).code).to.equal(code);
      });
    }

    it('gives the cursor back when it is interrupted in a terminal', function () {
      if (process.platform !== 'linux') skipBecause(this, 'script(1) takes other options elsewhere');
      let output: string;
      try {
        const command = `timeout --signal=INT 3 "${process.execPath}" "${DEMO}"`;
        output = execFileSync('script', ['-qc', command, '/dev/null'], { encoding: 'utf8', stdio: 'pipe' });
      } catch (thrown) {
        return skipBecause(this, `script(1) does not run here: ${String(thrown)}`);
      }
      const hidden = output.lastIndexOf('\u001b[?25l');
      expect(hidden, output).to.be.greaterThan(-1);
      expect(output.indexOf('\u001b[?25h', hidden)).to.be.greaterThan(hidden);
      expect(output).to.contain('demo: interrupted');
    });
  });

  describe('its command line', () => {
    for (const [args, message] of [
      [['--colour'], 'unknown option --colour; there are --fault NAME, --seconds N, --serve, --help'],
      [['--fault', 'flood'], 'unknown fault "flood"; there are socket-leak, file-leak, none, always'],
      [['--fault'], '--fault needs a value: --fault NAME'],
      [['--seconds', '3'], '--seconds must be a number, at least 12 (a trend needs that long), got "3"'],
      [['socket-leak'], 'unexpected "socket-leak"; there are --fault NAME, --seconds N, --serve, --help'],
    ] as const) {
      it(`refuses ${args.join(' ')}`, async () => {
        const { code, stdout, stderr } = await runFixture(DEMO, { args });
        expect({ code, stdout, stderr }).to.deep.equal({ code: 2, stdout: '', stderr: `demo: ${message}\n` });
      });
    }

    it('explains itself', async () => {
      const { code, stdout } = await runFixture(DEMO, { args: ['--help'] });
      expect(code).to.equal(0);
      for (const word of ['--fault', '--seconds', '--serve', 'socket-leak', 'file-leak', 'none', 'always']) {
        expect(stdout).to.contain(word);
      }
    });
  });
});
