import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

const LOOK_MILLIS = 200;

const TOUR = ['socket-leak', 'file-leak', 'heap-leak', 'buffer-leak', 'gc-churn'] as const;

/** What the kernel says of the service, with no code of the demo or of the packages in between. */
interface Facts {
  readonly open: number;
  readonly ofKind: number;
  readonly leaked: number;
  readonly softLimit: number;
}

/** The answer of `vitals.json`, as far as it is looked at. */
interface PageJson {
  readonly service: string;
  readonly fd: { readonly open: number; readonly limit: { readonly soft: number } } | null;
}

/** A demo that was looked at from outside before it was ended with SIGINT. */
interface Served {
  readonly result: FixtureResult;
  readonly facts: Facts;
  readonly page: { readonly url: string; readonly status: number; readonly text: string };
  readonly json: PageJson;
}

/** A demo that went round until its first fault was mended. */
interface Rounds {
  readonly result: FixtureResult;
  /** What the page called the service, in order. */
  readonly headings: readonly string[];
  /** Most and, after that, least descriptors that the page told of. */
  readonly leaked: number;
  readonly mended: number;
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
  const output = await outputUpTo(SERVING, running);
  const { url, pid } = serviceIn(output);
  const facts = await lookAt(pid, url, FORGOTTEN[fault]);
  const pageUrl = pageIn(output);
  const response = await fetch(pageUrl);
  const page = { url: pageUrl, status: response.status, text: await response.text() };
  const json = await pageJson(pageUrl);
  running.child.kill('SIGINT');
  // The service has the demo's stdout: "ended" is the end of both.
  return { result: await running.ended, facts, page, json };
}

function pageIn(output: string): string {
  return /^page {4}(http:\/\/127\.0\.0\.1:\d+\/)( \(port 9464 is busy\))?$/m.exec(output)?.[1] ?? '';
}

async function pageJson(url: string): Promise<PageJson> {
  return (await (await fetch(`${url}vitals.json?after=1`)).json()) as PageJson;
}

let tourUnderWay: Promise<FixtureResult> | undefined;

/** All faults in turn. It takes its time anyway, while the others come one by one: what they tell is how fast things go. */
function goOnTour(): Promise<FixtureResult> {
  tourUnderWay ??= runFixture(DEMO, { args: SHORT, timeoutMillis: 110_000 });
  return tourUnderWay;
}

async function goRound(): Promise<Rounds> {
  const running = startFixture(DEMO, { args: [...SHORT, '--serve'] });
  const output = await outputUpTo('40 requests a second', running);
  const headings: string[] = [];
  let leaked = 0;
  let mended = Infinity;
  // Until the fault has come and gone.
  while (!Number.isFinite(mended) || mended > leaked / 2) {
    await sleep(LOOK_MILLIS);
    const { service, fd } = await pageJson(pageIn(output));
    if (service !== headings.at(-1)) headings.push(service);
    const open = fd?.open ?? 0;
    if (headings.length < 3) leaked = Math.max(leaked, open);
    else if (service === 'demo: healthy') mended = Math.min(mended, open);
  }
  running.child.kill('SIGINT');
  return { result: await running.ended, headings, leaked, mended };
}

/** A demo whose service was weighed from outside, healthy and with what has leaked, before it was ended with SIGINT. */
interface Weighed {
  readonly result: FixtureResult;
  /** Resident and of no file, in bytes: at the last row of the healthy phase, and in the end. */
  readonly healthyBytes: number;
  readonly leakedBytes: number;
  /** What Prometheus got in the end. */
  readonly scrape: string;
}

async function weigh(fault: string): Promise<Weighed> {
  const running = startFixture(DEMO, { args: ['--fault', fault, ...SHORT, '--serve'] });
  let output = '';
  let healthyBytes = NaN;
  running.child.stdout.on('data', (text: string) => {
    output += text;
    if (/^\d+:\d\d {2}(warm-up|healthy) /m.test(text)) healthyBytes = anonymousBytesOf(serviceIn(output).pid);
  });
  await running.waitFor(SERVING);
  const leakedBytes = anonymousBytesOf(serviceIn(output).pid);
  const scrape = await (await fetch(`${pageIn(output)}metrics`)).text();
  running.child.kill('SIGINT');
  return { result: await running.ended, healthyBytes, leakedBytes, scrape };
}

function anonymousBytesOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Anonymous:\s+(\d+) kB$/m.exec(text)?.[1]) * 1_024;
}

/** V8's limit in a process with these flags, one of which may change it. */
function heapLimitBytes(v8Flags: readonly string[]): number {
  const args = [...v8Flags, '--print', 'v8.getHeapStatistics().heap_size_limit'];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

/** What a sentence says, by the names of the groups of its pattern. */
function wordsOf(pattern: RegExp, stdout: string): Readonly<Record<string, string>> {
  const match = pattern.exec(stdout);
  expect(match, stdout).not.to.equal(null);
  return match!.groups!;
}

function numberIn(text: string | undefined): number {
  return Number(text?.replaceAll(',', ''));
}

/** Requests that were answered between the two rests, all of them faulty, by the load generator's count. */
function faultyRequestsIn(stdout: string): number {
  const counts = /the answers that the load generator got: (\S+) and (\S+), as scraped/.exec(stdout);
  return numberIn(counts?.[2]) - numberIn(counts?.[1]);
}

const MEGABYTE = 1_048_576;
const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600, days: 86_400 };

const NEAREST_LIMIT =
  "at this rate (?<limit>the heap limit of (?<heapLimit>\\S+) MB is reached|the container limit of \\S+ MB is reached|the machine's memory is used up) in (?<time>\\S+) (?<unit>s|min|h|days)\\.$";

/** The numbers in the sentence on a fault that leaks descriptors. */
function numbersOf(fault: string, plural: string, stdout: string): number[] {
  const sentence = new RegExp(
    `^${fault}: descriptors grew (\\S+) a second, (\\S+) more in (\\S+) s; (\\d+) % are ${plural}; ` +
      'at this rate the limit of (\\S+) is reached in (\\S+) (s|min|h|days)\\.$',
    'm',
  ).exec(stdout);
  expect(sentence, stdout).not.to.equal(null);
  const seconds = SECONDS[sentence![7]!]!;
  const numbers = sentence!.slice(1, 7).map(text => Number(text.replaceAll(',', '')));
  return [...numbers.slice(0, 5), numbers[5]! * seconds];
}

describe('npm run demo', function () {
  this.timeout(120_000);

  before(function () {
    if (process.platform === 'win32') skipBecause(this, 'there are no descriptors to observe on Windows');
  });

  describe('whole runs', () => {
    let served: Record<keyof typeof FORGOTTEN, Served>;
    let none: FixtureResult;
    let always: FixtureResult;
    let rounds: Rounds;

    before(async function () {
      if (process.platform !== 'linux') skipBecause(this, 'the facts are in /proc');
      void goOnTour();
      const [socketLeak, fileLeak, going, ...controls] = await Promise.all([
        serve('socket-leak'),
        serve('file-leak'),
        goRound(),
        runFixture(DEMO, { args: ['--fault', 'none', ...SHORT] }),
        runFixture(DEMO, { args: ['--fault', 'always', ...SHORT] }),
      ]);
      served = { 'socket-leak': socketLeak, 'file-leak': fileLeak };
      [none, always] = controls;
      rounds = going;
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

    it('shows the service on its page, which says that the fault is over', () => {
      for (const fault of ['socket-leak', 'file-leak'] as const) {
        const { page, json, facts } = served[fault];
        expect(page.status).to.equal(200);
        expect(page.url).to.equal(pageIn(served[fault].result.stdout));
        expect(page.text).to.contain(`<h1 id="service">demo: ${fault} is over</h1>`);
        expect(json.service).to.equal(`demo: ${fault} is over`);
        // What stays is there, and of what comes and goes with requests (ours, too) not too much.
        expect(json.fd?.open).to.be.within(facts.leaked, facts.open + 20);
        expect(json.fd?.limit.soft).to.equal(facts.softLimit);
      }
      // One after the other, as all of these want the same port.
      const pages = Object.values(served).map(({ page }) => page.url);
      expect(new Set(pages).size).to.equal(2);
      expect(
        Object.values(served).some(({ result }) => result.stdout.includes(' (port 9464 is busy)\n')),
      ).to.equal(true);
    });

    it('goes round with --serve alone, on one service: says on the page what is on, and mends it', () => {
      const { result, headings, leaked, mended } = rounds;
      expect(result.code, result.stderr).to.equal(0);
      expect(result.stderr).to.equal('');
      const [first, second, ...afterwards] = headings;
      expect([first, second]).to.deep.equal(['demo: healthy', 'demo: socket-leak is on']);
      expect(afterwards.at(-1)).to.equal('demo: healthy');
      // 40 a second for at least three seconds, of which nothing stays.
      expect(leaked).to.be.greaterThan(mended + 120);
      expect(mended).to.be.lessThan(60);
      expect(result.stdout).to.match(
        /^1 of 5 {2}socket-leak: [^]*^socket-leak: descriptors grew [^]*^2 of 5 /m,
      );
      expect(result.stdout.match(/^service /gm)).to.have.length(1);
      expect(result.stdout).to.match(/\nEnded\.\n$/);
    });

    it('fails when what claims to be a leak leaks nothing', () => {
      expect(none.code).to.equal(1);
      expect(/^Not as expected.*$/m.exec(none.stdout)?.[0])
        .to.contain('process_unix_file_descriptor_count (moved by none)')
        .and.contain('vitals_fd_growth (moved by none)')
        .and.contain('vitals_fd_open{vitals_fd_kind="socket"} (moved by none)')
        .and.contain('vitals_fd_time_to_limit (moved by none)')
        .and.contain('onPressure (moved by none)')
        .and.contain('vitals_heap_live (moved by none)')
        .and.contain('vitals_memory_growth{vitals_memory_signal="heap_live"} (moved by none)')
        .and.contain('vitals_memory_time_to_limit{vitals_memory_limit="heap"} (moved by none)')
        .and.contain('vitals_memory_external (moved by none)')
        .and.contain('vitals_memory_growth{vitals_memory_signal="external"} (moved by none)')
        .and.contain('vitals_memory_growth{vitals_memory_signal="rss"} (moved by none)')
        .and.contain('vitals_heap_allocated_total (moved by none)')
        .and.contain('v8js_gc_duration_sum (moved by none)')
        .and.not.contain('quiet while healthy')
        .and.not.contain('second sources');
    });

    it('fails when the healthy phase is not quiet', () => {
      expect(always.code).to.equal(1);
      expect(/^Not as expected.*$/m.exec(always.stdout)?.[0])
        .to.contain('process_unix_file_descriptor_count (quiet while healthy)')
        .and.contain('vitals_fd_growth (quiet while healthy)')
        .and.contain('vitals_memory_growth{vitals_memory_signal="heap_live"} (quiet while healthy)')
        .and.contain('vitals_memory_growth{vitals_memory_signal="external"} (quiet while healthy)')
        .and.contain('vitals_heap_allocated_total (quiet while healthy)')
        .and.contain('v8js_gc_duration_count (quiet while healthy)')
        .and.contain('vitals_heap_live (moved by always)')
        .and.not.contain('vitals_fd_growth (moved by always)')
        .and.not.contain('second sources');
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
      [
        ['--fault', 'flood'],
        'unknown fault "flood"; there are socket-leak, file-leak, heap-leak, buffer-leak, gc-churn, none, always, killed, unguarded',
      ],
      [['--fault', 'killed', '--serve'], '--serve has nothing to show of killed: its service is dead'],
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
      const faults = [...TOUR, 'none', 'always', 'killed', 'unguarded'];
      for (const word of ['--fault', '--seconds', '--serve', ...faults]) {
        expect(stdout).to.contain(word);
      }
    });
  });

  describe('whole runs of what costs memory', () => {
    let tour: FixtureResult;
    let weighed: Readonly<Record<'heap-leak' | 'buffer-leak' | 'gc-churn', Weighed>>;

    before(async function () {
      if (process.platform !== 'linux') skipBecause(this, 'the facts are in /proc');
      void goOnTour();
      weighed = {
        'heap-leak': await weigh('heap-leak'),
        'buffer-leak': await weigh('buffer-leak'),
        'gc-churn': await weigh('gc-churn'),
      };
      tour = await goOnTour();
    });

    it('says of heap-leak how many bytes of objects there are, and when V8 has had enough', () => {
      const { result, leakedBytes } = weighed['heap-leak'];
      const words = wordsOf(
        new RegExp(
          '^heap-leak: the live heap grew (?<grew>\\S+) MB/min, (?<more>\\S+) MB more in (?<seconds>\\S+) s; ' +
            NEAREST_LIMIT,
          'm',
        ),
        result.stdout,
      );
      // 8,000 objects a request, of three small integers each: map, properties and elements, and a pointer to it all.
      const keptBytes = faultyRequestsIn(result.stdout) * 8_000 * (6 * 8 + 8);
      const more = numberIn(words['more']);
      expect(more).to.be.closeTo(keptBytes / MEGABYTE, 0.05 * (keptBytes / MEGABYTE) + 2);
      expect(leakedBytes).to.be.greaterThan(keptBytes);
      const perMinute = (60 * more) / numberIn(words['seconds']);
      expect(numberIn(words['grew'])).to.be.closeTo(perMinute, 0.3 * perMinute);
      expect(numberIn(words['time'])).to.be.greaterThan(0);
      if (words['heapLimit'] === undefined) return;
      const limit = heapLimitBytes(['--max-semi-space-size=2']) / MEGABYTE;
      expect(numberIn(words['heapLimit'])).to.be.closeTo(limit, 1);
      const minutes = (limit - more) / perMinute;
      expect((numberIn(words['time']) * SECONDS[words['unit']!]!) / 60).to.be.closeTo(minutes, 0.3 * minutes);
    });

    it('says of buffer-leak what the kernel has given for Buffers', () => {
      const { result, healthyBytes, leakedBytes } = weighed['buffer-leak'];
      const words = wordsOf(
        new RegExp(
          '^buffer-leak: RSS grew (?<grew>\\S+) MB/min, all of it external memory, ' +
            '(?<more>\\S+) MB more in (?<seconds>\\S+) s; ' +
            NEAREST_LIMIT,
          'm',
        ),
        result.stdout,
      );
      const more = numberIn(words['more']);
      const kept = (faultyRequestsIn(result.stdout) * 262_144) / MEGABYTE;
      expect(more).to.be.closeTo(kept, 0.05 * kept + 2);
      expect((leakedBytes - healthyBytes) / MEGABYTE).to.be.closeTo(more, 0.15 * more + 8);
      const perMinute = (60 * more) / numberIn(words['seconds']);
      expect(numberIn(words['grew'])).to.be.closeTo(perMinute, 0.3 * perMinute);
      if (words['limit'] !== "the machine's memory is used up") return;
      const available = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
      const minutes = Number(available) / 1_024 / perMinute;
      expect((numberIn(words['time']) * SECONDS[words['unit']!]!) / 60).to.be.closeTo(minutes, 0.4 * minutes);
    });

    it('says of gc-churn what V8 says, and that nothing leaked', () => {
      const { stdout } = weighed['gc-churn'].result;
      const words = wordsOf(
        new RegExp(
          '^gc-churn: garbage collection took (?<share>\\S+) % of the last (?<seconds>\\S+) s, (?<before>\\S+) % before ' +
            '\\(P95 pause (?<p95>\\S+) ms\\), (?<rate>\\S+) MB/s of garbage; ' +
            'nothing leaked: the live heap is flat at (?<live>\\S+) MB\\.$',
          'm',
        ),
        stdout,
      );
      const seconds = numberIn(words['seconds']);
      // A catalogue of 60,000 offers a request, as above.
      const made = (faultyRequestsIn(stdout) * 60_000 * (6 * 8 + 8)) / MEGABYTE / seconds;
      expect(numberIn(words['rate'])).to.be.within(0.85 * made, 1.25 * made);
      const traced = /pauses in the output of --trace-gc: (\S+) ms, /.exec(stdout)?.[1];
      const share = numberIn(traced) / 10 / seconds;
      expect(numberIn(words['share'])).to.be.closeTo(share, 0.35 * share + 1);
      expect(numberIn(words['share'])).to.be.greaterThan(numberIn(words['before']));
      expect(numberIn(words['p95'])).to.be.within(0.1, numberIn(traced));
      expect(numberIn(words['live'])).to.be.within(1, 30);
    });

    for (const fault of ['heap-leak', 'buffer-leak', 'gc-churn'] as const) {
      it(`ends ${fault} with 0, and every second source agrees`, () => {
        const { code, stdout, stderr } = weighed[fault].result;
        expect(code, stdout).to.equal(0);
        expect(stderr).to.equal('');
        expect(stdout).to.contain('Everything as expected.').and.not.to.contain('FAIL');
        expect(stdout).to.match(
          /ok {4}(minor|major) collections in the output of --trace-gc: \d+, as scraped/,
        );
      });
    }

    it('runs one fault after the other if none is named, each in a service of its own, and says of each what was seen', () => {
      const { code, stdout, stderr } = tour;
      expect(stderr).to.equal('');
      const [opening = '', closing = ''] = stdout.split('What the metrics said\n');
      for (const fault of [...TOUR, 'killed']) {
        const [sentence = ''] = new RegExp(`^${fault}: .*\\d.*\\.$`, 'm').exec(closing) ?? [];
        expect(sentence, closing).to.not.equal('');
        expect(opening.split('\n')).to.include(sentence);
      }
      expect(closing).to.contain('\nEverything as expected.\n');
      const pids = [...stdout.matchAll(/^service \S+ \(pid (\d+)\)$/gm)].map(match => match[1]);
      expect(new Set(pids).size).to.equal(TOUR.length + 1);
      expect(code).to.equal(0);
    });

    it('names metrics in the end that are in a scrape, and commands that the demo takes', async () => {
      const closing = tour.stdout.split('What the metrics said\n')[1] ?? '';
      const seen = [...closing.matchAll(/^ {2}seen {2}(.+)$/gm)].map(([, names = '']) => names.split(', '));
      expect(seen).to.have.length(TOUR.length);
      for (const names of seen) {
        expect(names.length).to.be.greaterThan(2);
        for (const name of names)
          expect(weighed['heap-leak'].scrape.split(/[\s{]/)).to.include(name.split('{')[0]);
      }
      const commands = [...closing.matchAll(/^ {2}next {2}npm run demo -- (.+)$/gm)].map(
        ([, args = '']) => args,
      );
      expect(commands).to.deep.equal([
        ...TOUR.map(fault => `--fault ${fault} --serve`),
        '--fault killed',
        '--serve',
      ]);
      for (const args of commands) {
        const { code } = await runFixture(DEMO, { args: [...args.split(' '), '--help'] });
        expect(code, args).to.equal(0);
      }
    });

    it('says nothing of alarm while a service is healthy', () => {
      const healthy = tour.stdout.split('\n').filter(line => /^ *\d+:\d\d {2}(warm-up|healthy) /.test(line));
      expect(healthy.length).to.be.greaterThan(4 * TOUR.length);
      // No time to a limit, and no warning before the first row of the fault.
      expect(healthy.filter(line => /\d (s|min|h|days)$/.test(line))).to.deep.equal([]);
      const warnings = tour.stdout.matchAll(/^time [^]*?^(\d+:\d\d {2}fault )/gm);
      for (const [section] of warnings) expect(section).to.not.contain('onPressure');
    });
  });
});
