import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseScrape } from 'test-helpers/prometheus-text';
import type { ScrapedSample } from 'test-helpers/prometheus-text';
import { RealCgroup } from 'test-helpers/real-cgroup';
import { skipBecause } from 'test-helpers/skip-because';
import type { Spelling } from 'example-prometheus-grafana/dist/src/catalogue/spelling.js';
import { rehearsal } from 'example-prometheus-grafana/dist/src/rules/pace.js';
import {
  recordedNames,
  ruleFile,
  vitalsRules,
} from 'example-prometheus-grafana/dist/src/rules/rule-files.js';
import { parseQuery } from 'example-prometheus-grafana/dist/src/query/named-series.js';
import { pauseQuantile } from './alert-conditions.js';
import { askedByDashboards, askedByRules } from './asked-queries.js';
import type { AskedQuery } from './asked-queries.js';
import { DemoService } from './demo-service.js';
import { missingSeries, whyAbsent } from './missing-series.js';
import type { Surroundings } from './missing-series.js';
import type { PrometheusApi } from './prometheus-api.js';
import { respelledForOtlp } from './respell.js';
import { RunningPrometheus } from './running-prometheus.js';
import { ScrapeRelay } from './scrape-relay.js';
import { ScrapedJob } from './scraped-job.js';

const JOB = 'demo';

const LIMIT_BYTES = 536_870_912;

/** The shortest that the demo makes is 12. */
const DEMO_SECONDS = 24;

const SCRAPE_MILLIS = 250;

const WHOLE_MILLIS = 180_000;

describe('the demo, scraped by a real Prometheus', function () {
  this.timeout(WHOLE_MILLIS);

  let cgroup: RealCgroup | undefined;
  let demo: DemoService;
  let relay: ScrapeRelay;
  /** Scrapes the service itself. */
  let direct: RunningPrometheus;
  /** Have the very same samples, each in its spelling. */
  let relayed: Record<Spelling, RunningPrometheus>;
  const started: { stop(): Promise<unknown> }[] = [];
  /** In the fault phase: something grows, and alerts fire. */
  let busySeconds: number;

  const keep = <Started extends { stop(): Promise<unknown> }>(one: Started): Started => {
    started.unshift(one);
    return one;
  };

  before(async function () {
    this.timeout(WHOLE_MILLIS);
    if (process.platform !== 'linux') skipBecause(this, 'the facts are in /proc');
    const made = RealCgroup.make('prometheus-demo');
    if (made instanceof RealCgroup) {
      cgroup = made;
      cgroup.limitBytes = LIMIT_BYTES;
    } else {
      console.log(`      without a container: ${made}`);
    }
    demo = keep(
      await DemoService.start('heap-leak', {
        seconds: DEMO_SECONDS,
        nodeArgs: ['--max-old-space-size=256'],
        timeoutMillis: WHOLE_MILLIS,
        ...(cgroup === undefined
          ? { env: { CONTAINER_MEMORY_LIMIT_MB: String(LIMIT_BYTES / 1_048_576) } }
          : { shellPrefix: cgroup.moveShellHere }),
      }),
    );
    relay = keep(
      await ScrapeRelay.start(`http://${demo.target}/metrics`, 1_000, {
        '/exporter': text => text,
        '/otlp': respelledForOtlp,
      }),
    );
    const starting = async (spelling: Spelling, target: string, path: string): Promise<RunningPrometheus> =>
      keep(
        await RunningPrometheus.start({
          scrapeInterval: `${SCRAPE_MILLIS}ms`,
          scrapes: [{ job: JOB, targets: [target], path }],
          ruleFiles: { 'vitals.rules.yml': ruleFile(vitalsRules(rehearsal), rehearsal, spelling) },
        }),
      );
    direct = await starting('exporter', demo.target, '/metrics');
    relayed = {
      exporter: await starting('exporter', relay.target, '/exporter'),
      otlp: await starting('otlp', relay.target, '/otlp'),
    };
    await demo.untilPrinted(/^Moved by heap-leak$/m);
    // The latest fetch before the load of the fault was paused, more than the time that a trend takes after it began.
    busySeconds = Date.now() / 1_000 - 3;
    await demo.untilPrinted(/^Still serving until Ctrl-C/m);
    // At rest: nobody asks any more, and the service has closed the connections that are idle.
    process.kill(demo.demoPid, 'SIGSTOP');
    await sleep(7_000);
  });

  after(async function () {
    this.timeout(60_000);
    for (const one of started) await one.stop();
    await cgroup?.remove();
  });

  const surroundings = (spelling: Spelling): Surroundings => ({ spelling, cgroupVersion: cgroup?.version });

  const asked = (spelling: Spelling, target: string): AskedQuery[] => [
    ...askedByRules(spelling),
    ...askedByDashboards(spelling, {
      job: JOB,
      instance: target,
      __rate_interval: '10s',
      __interval: '1s',
      __range: '1m',
    }),
  ];

  describe('series', () => {
    for (const spelling of ['exporter', 'otlp'] as const) {
      it(`are there for every rule and panel, in the spelling of ${spelling}`, async () => {
        const queries = asked(spelling, relay.target);
        expect(queries.filter(({ kind }) => kind === 'panel')).to.have.length.greaterThan(50);
        const missing = await missingSeries(relayed[spelling].api, queries);
        const excused = new Map<string, string>();
        const unexcused = missing.flatMap(({ where, name, selector, problem }) => {
          const reason = whyAbsent(name, surroundings(spelling));
          if (reason === undefined) return [`${where} asks for ${selector}: ${problem}`];
          excused.set(name, reason);
          return [];
        });
        for (const [name, reason] of excused) console.log(`      not here: ${name}: ${reason}`);
        expect(unexcused).to.deep.equal([]);
      });
    }

    it('that do not exist are missed, with the nearest that does', async () => {
      const problems = await Promise.all(
        [
          'max(vitals_heap_life)',
          'sum(rate(v8js_gc_duration_count{v8js_gc_type="mayor"}[5m]))',
          'sum(vitals_fd_limit{vitals_fd_limits="soft"})',
          'job:v8js_gc_duration:p95_5min',
        ].map(async query =>
          (await missingSeries(direct.api, [{ where: 'test', kind: 'panel', query }])).map(
            ({ problem }) => problem,
          ),
        ),
      );
      expect(problems).to.deep.equal([
        ['unknown series "vitals_heap_life"; the nearest is "vitals_heap_live"'],
        [
          'unknown value of v8js_gc_type of v8js_gc_duration_count "mayor"; the nearest is "major" (asked for with =)',
        ],
        ['unknown label of vitals_fd_limit "vitals_fd_limits"; the nearest is "vitals_fd_limit_type"'],
        ['unknown series "job:v8js_gc_duration:p95_5min"; the nearest is "job:v8js_gc_duration:p95_5m"'],
      ]);
    });
  });
  describe('queries', () => {
    for (const spelling of ['exporter', 'otlp'] as const) {
      it(`have an answer while the leak is on, each panel and each recording rule, in the spelling of ${spelling}`, async () => {
        const { api } = relayed[spelling];
        const unanswered: string[] = [];
        const excused = new Map<string, string>();
        for (const { where, kind, query } of asked(spelling, relay.target)) {
          // Alerts and restarts have an answer only when something is wrong: the faults are tried on their own.
          if (kind === 'alert' || kind === 'annotation') continue;
          if ((await api.query(query, busySeconds)).length > 0) continue;
          const reason = parseQuery(query)
            .series.map(({ name }) => whyAbsent(name, surroundings(spelling)))
            .find(one => one !== undefined);
          if (reason === undefined) unanswered.push(`${where}: ${query}`);
          else excused.set(where, reason);
        }
        for (const [where, reason] of excused) console.log(`      nothing to show here: ${where}: ${reason}`);
        expect(unanswered).to.deep.equal([]);
      });
    }

    it('of rules are evaluated without a complaint, by both', async () => {
      for (const { api, log } of [direct, relayed.exporter, relayed.otlp]) {
        const rules = await api.rules();
        expect(rules.length).to.equal(vitalsRules(rehearsal).flatMap(group => group.rules).length);
        expect(rules.filter(({ health }) => health !== 'ok')).to.deep.equal([]);
        expect(log).to.equal('');
      }
    });
  });

  describe('numbers', () => {
    it('are those of the text that was scraped, each of them', async () => {
      const { atMillis, text } = relay.scrapes.at(-3)!;
      const { samples } = parseScrape(text);
      const stored = new Map(
        (await relayed.exporter.api.query(`{job="${JOB}",__name__!~".*:.*|ALERTS.*"}`, atMillis / 1_000)).map(
          ({ labels, value }) => [seriesKey(labels), value],
        ),
      );
      expect(samples.length).to.be.greaterThan(150);
      const different = samples.filter(
        ({ name, labels, value }) => stored.get(seriesKey({ __name__: name, ...labels })) !== value,
      );
      expect(different).to.deep.equal([]);
    });

    it('that rest are those that the process tells whoever asks it', async () => {
      const texts: ScrapedSample[][] = [];
      for (let time = 0; time < 2; time += 1) {
        texts.push([...parseScrape(await (await fetch(`http://${demo.target}/metrics`)).text()).samples]);
        if (time === 0) await sleep(4 * SCRAPE_MILLIS);
      }
      const [before = [], after = []] = texts;
      const later = new Map(after.map(one => [seriesKey({ __name__: one.name, ...one.labels }), one.value]));
      const resting = before.filter(
        ({ name, labels, value }) => later.get(seriesKey({ __name__: name, ...labels })) === value,
      );
      // Of the time between the two.
      const stored = new Map(
        (await direct.api.query(`{job="${JOB}"}`, Date.now() / 1_000 - (2 * SCRAPE_MILLIS) / 1_000)).map(
          ({ labels, value }) => [seriesKey(labels), value],
        ),
      );
      const different = resting.filter(
        ({ name, labels, value }) => stored.get(seriesKey({ __name__: name, ...labels })) !== value,
      );
      expect(different).to.deep.equal([]);
      expect(resting.length).to.be.greaterThan(before.length / 2);
    });

    it('of memory and descriptors are those of the kernel', async () => {
      const pid = demo.servicePid;
      const facts = (): Record<string, number> => ({
        process_memory_usage: 1_024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(proc(pid, 'status'))?.[1]),
        process_unix_file_descriptor_count: readdirSync(`/proc/${pid}/fd`).length,
        vitals_memory_peak: 1_024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(proc(pid, 'status'))?.[1]),
      });
      const names = Object.keys(facts());
      const agreed = new Set<string>();
      let last: unknown;
      for (let attempt = 0; attempt < 20 && agreed.size < names.length; attempt += 1) {
        const before = facts();
        // The reading that is scraped is at most a sample interval old.
        await sleep(3 * SCRAPE_MILLIS);
        const sample = await latestOf(direct.api, names);
        const after = facts();
        for (const name of names) {
          const [low, high] = [before[name]!, after[name]!].sort((a, b) => a - b);
          if (sample[name]! >= low! && sample[name]! <= high!) agreed.add(name);
        }
        last = { before, sample, after };
      }
      expect([...agreed], JSON.stringify(last)).to.have.members(names);
      const softLimit = /^Max open files\s+(\d+)/m.exec(proc(pid, 'limits'))?.[1];
      const [limit] = await direct.api.query('vitals_fd_limit{vitals_fd_limit_type="soft"}');
      expect(limit?.value).to.equal(Number(softLimit));
      const [containerLimit] = await direct.api.query('vitals_container_memory_limit');
      expect(containerLimit?.value).to.equal(LIMIT_BYTES);
    });

    it('of collections are those that V8 told the demo, from its one rest to the other', async () => {
      // At each rest the demo has all garbage collected: then, and only then, somebody forces a collection.
      const [forced] = await direct.api.rawSamples('vitals_gc_forced_total[10m]');
      const restsSeconds = (forced?.points ?? []).flatMap(({ atSeconds, value }, index, points) =>
        index > 0 && value > points[index - 1]!.value ? [atSeconds] : [],
      );
      expect(restsSeconds).to.have.length(2);
      for (const type of ['minor', 'major']) {
        const pattern = new RegExp(
          `ok {4}${type} collections in the output of --trace-gc: ([\\d,]+), as scraped`,
        );
        const traced = Number(demo.match(pattern)[1]?.replaceAll(',', ''));
        expect(traced).to.be.greaterThan(3);
        const [series] = await direct.api.rawSamples(`v8js_gc_duration_count{v8js_gc_type="${type}"}[10m]`);
        const [first = [], second = []] = restsSeconds.map(restSeconds =>
          (series?.points ?? [])
            .filter(({ atSeconds }) => atSeconds >= restSeconds && atSeconds < restSeconds + 1)
            .map(({ value }) => value),
        );
        const rises = second.flatMap(later => first.map(earlier => later - earlier));
        const nearest = Math.min(...rises.map(rise => Math.abs(rise - traced)));
        // A rest is short, and a scrape may come when the next collection has been.
        expect(nearest, `${type}: ${traced} by V8, scraped ${rises.join(' or ')}`).to.be.at.most(1);
      }
    });

    it('of a fleet: P95 and P99 are those of the buckets, worked out once more', async () => {
      const job = new ScrapedJob(await direct.api.rawSamples(`v8js_gc_duration_bucket{job="${JOB}"}[10m]`));
      for (const [share, name] of [
        [0.95, 'job:v8js_gc_duration:p95_5m'],
        [0.99, 'job:v8js_gc_duration:p99_5m'],
      ] as const) {
        const [series] = await direct.api.rawSamples(`${name}[10m]`);
        const recorded = series?.points.filter(({ value }) => !Number.isNaN(value)) ?? [];
        let compared = 0;
        for (const { atSeconds, value } of recorded) {
          // A scrape that was under way when the rule was evaluated has the earlier time, and was not seen.
          const possible = [0, 1, 2, 3].map(unseen =>
            pauseQuantile(share, job.upTo(atSeconds - (unseen * SCRAPE_MILLIS) / 1_000), atSeconds, 5),
          );
          // The first ones, of which a scrape that was not seen leaves none.
          if (possible.some(Number.isNaN)) continue;
          compared += 1;
          const nearest = Math.min(...possible.map(one => Math.abs(one - value)));
          expect(nearest, `${name} at ${atSeconds}: ${value}, not ${possible.join(' or ')}`).to.be.below(
            1e-9,
          );
        }
        expect(compared).to.be.greaterThan(10);
        expect(new Set(recorded.map(({ value }) => value)).size).to.be.greaterThan(3);
      }
    });
  });

  describe('the spelling of OTLP (this Prometheus has no receiver for it: the exporter’s text is respelled)', () => {
    it('gives each rule and each panel the values that the exporter’s spelling gives', async () => {
      const recorded = recordedNames(rehearsal);
      const [mine, others] = [asked('exporter', relay.target), asked('otlp', relay.target)];
      expect(others.map(({ where }) => where)).to.deep.equal(mine.map(({ where }) => where));
      const different: string[] = [];
      let rows = 0;
      for (const [index, { where, query }] of mine.entries()) {
        const other = others[index]!.query;
        const names = parseQuery(query).series.map(({ name }) => name);
        if (names.some(name => recorded.has(name) || name === 'ALERTS')) {
          // Made by rules, at moments of their own: here the two differ in nothing.
          if (query !== other) different.push(`${where}: ${query} and ${other}`);
          continue;
        }
        const [answer, otherAnswer] = await Promise.all([
          answerOf(relayed.exporter.api, query, busySeconds),
          answerOf(relayed.otlp.api, other, busySeconds),
        ]);
        rows += answer.length;
        if (JSON.stringify(answer) !== JSON.stringify(otherAnswer)) {
          different.push(`${where}: ${JSON.stringify(answer)} and ${JSON.stringify(otherAnswer)}`);
        }
      }
      expect(different).to.deep.equal([]);
      expect(rows).to.be.greaterThan(150);
    });

    it('records the same series', async () => {
      const namesOf = async ({ api }: RunningPrometheus): Promise<string[]> =>
        (await api.seriesNames()).filter(name => name.includes(':'));
      const names = await namesOf(relayed.otlp);
      expect(names).to.deep.equal(await namesOf(relayed.exporter));
      expect(new Set(names)).to.deep.equal(recordedNames(rehearsal));
    });
  });
});

/** Labels in one order, without those that Prometheus adds. */
function seriesKey(labels: Readonly<Record<string, string>>): string {
  const own = Object.entries(labels).filter(([name]) => !['job', 'instance'].includes(name));
  return JSON.stringify(own.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function answerOf(api: PrometheusApi, query: string, atSeconds: number): Promise<[string, number][]> {
  const samples = await api.query(query, atSeconds);
  return samples
    .map(({ labels, value }): [string, number] => {
      const others = Object.entries(labels).filter(([name]) => name !== '__name__');
      return [seriesKey(Object.fromEntries(others)), value];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

async function latestOf(api: PrometheusApi, names: readonly string[]): Promise<Record<string, number>> {
  const samples = await api.query(`{job="${JOB}",__name__=~"${names.join('|')}"}`);
  return Object.fromEntries(samples.map(({ labels, value }) => [labels['__name__'] ?? '', value]));
}

function proc(pid: number, file: string): string {
  return readFileSync(`/proc/${pid}/${file}`, 'utf8');
}
