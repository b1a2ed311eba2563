import { expect } from 'chai';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { RealCgroup } from 'test-helpers/real-cgroup';
import type { FixtureOptions } from 'test-helpers/run-fixture';
import { skipBecause } from 'test-helpers/skip-because';
import { rehearsal } from 'example-prometheus-grafana/dist/src/rules/pace.js';
import { ruleFile, vitalsRules } from 'example-prometheus-grafana/dist/src/rules/rule-files.js';
import { alertConditions } from './alert-conditions.js';
import { DemoService } from './demo-service.js';
import { duesOf, firingsOf, stretchesOf } from './firings.js';
import type { Due, Firing } from './firings.js';
import type { PrometheusApi } from './prometheus-api.js';
import { RunningPrometheus } from './running-prometheus.js';
import { ScrapedJob } from './scraped-job.js';

/** All are served and scraped for so long. */
const WATCHED_SECONDS = 304;

const WHOLE_MILLIS = 540_000;

/** Ten minutes of the Buffers that are leaked, and far more than an hour of what a healthy service grows by. */
const CONTAINER_LIMIT_BYTES = 5.5 * 1_024 ** 3;

/** How late an alert may be, in evaluations. */
const MAXIMUM_LAG = 3;

const INTERVAL_SECONDS = rehearsal.evaluationSeconds;

/** Of all scrapes and evaluations; on a machine that makes fewer, nothing can be said of how late an alert is. */
const LEAST_KEPT = 0.97;

/** A service of the demo, and what its fault must raise. */
interface Play {
  readonly fault: string;
  /** For warm-up, healthy and fault. */
  readonly seconds: number;
  readonly options: FixtureOptions;
  readonly must: readonly string[];
  /** What it may raise besides, and why that is its own too. */
  readonly may: Readonly<Record<string, string>>;
}

/** Where others want the cores, a pause lasts as long as they take: these are right then, whatever the fault. */
const OF_A_BUSY_MACHINE = ['GCPauseTimeHigh', 'FleetGCPauseTimeHigh'];

/** What is taken for busy: so many want each core. All of this takes about one core. */
const BUSY_LOAD = 2;

// Sizes that do not depend on the machine: limits of descriptors, heap and container.
const descriptorLeak = {
  seconds: 60,
  // Near enough to be reached within an hour.
  options: { shellPrefix: 'ulimit -n 4096 || true' },
  must: ['FDLeakDetected', 'FDLimitWithinAnHour'],
  may: {},
};

function playsWith(cgroup: RealCgroup | undefined): Readonly<Record<string, Play>> {
  return {
    healthy: { fault: 'none', seconds: 60, options: {}, must: [], may: {} },
    'socket-leak': { fault: 'socket-leak', ...descriptorLeak },
    'file-leak': { fault: 'file-leak', ...descriptorLeak },
    'heap-leak': {
      fault: 'heap-leak',
      // Growth has to last for sixty seconds.
      seconds: 150,
      options: { nodeArgs: ['--max-old-space-size=512'] },
      must: ['MemoryGrowing', 'MemoryGrowingFast', 'MemoryLimitWithinAnHour', 'MemoryLimitWithinTenMinutes'],
      may: {
        GCPauseTimeHigh: 'the more is alive, the longer a major collection',
        FleetGCPauseTimeHigh:
          'the same, and the demo has all of it collected when it rests, where few are short',
      },
    },
    'buffer-leak': {
      fault: 'buffer-leak',
      seconds: 150,
      options: {
        nodeArgs: ['--max-old-space-size=512'],
        ...(cgroup === undefined ? {} : { shellPrefix: cgroup.moveShellHere }),
      },
      must: [
        'MemoryGrowing',
        'MemoryGrowingFast',
        ...(cgroup === undefined ? [] : ['MemoryLimitWithinAnHour', 'MemoryLimitWithinTenMinutes']),
      ],
      may: {
        MemoryLimitWithinAnHour: 'how far the limit of the machine is depends on the machine',
        MemoryLimitWithinTenMinutes: 'the same',
      },
    },
    'gc-churn': {
      fault: 'gc-churn',
      // The minute that the overhead is measured over must be one of the fault.
      seconds: 200,
      options: {},
      must: ['GCOverheadHigh', 'MinorCollectionsFrequent'],
      may: {},
    },
  };
}

describe('the faults of the demo, in a real Prometheus with the rules of a rehearsal', function () {
  let cgroup: RealCgroup | undefined;
  let outside: RealCgroup | undefined;
  let plays: Readonly<Record<string, Play>>;
  const demos = new Map<string, DemoService>();
  let prometheus: RunningPrometheus | undefined;
  let startSeconds: number;
  let firings: readonly Firing[];
  /** By the samples, moment for moment. */
  const dues = new Map<string, readonly Due[]>();
  /** By the samples, as far as somebody can see who looks once an interval. */
  const visibleDues = new Map<string, readonly Due[]>();
  let highestLoad = 0;

  before(async function () {
    this.timeout(WHOLE_MILLIS);
    if (process.platform !== 'linux') skipBecause(this, 'some of the metrics are from /proc');
    const made = RealCgroup.make('prometheus-faults');
    if (made instanceof RealCgroup) {
      cgroup = made;
      cgroup.limitBytes = CONTAINER_LIMIT_BYTES;
    } else {
      console.log(`      without a container: ${made}`);
    }
    plays = playsWith(cgroup);
    for (const [job, { fault, seconds, options }] of Object.entries(plays)) {
      demos.set(job, await DemoService.start(fault, { ...options, seconds, timeoutMillis: WHOLE_MILLIS }));
    }
    if (cgroup !== undefined) {
      // What makes the load and draws the table is not of the service's container.
      outside = cgroupOutside();
      outside?.moveHere(demos.get('buffer-leak')!.demoPid);
    }
    prometheus = await RunningPrometheus.start({
      scrapeInterval: '1s',
      scrapes: [...demos].map(([job, { target }]) => ({ job, targets: [target] })),
      ruleFiles: { 'vitals.rules.yml': ruleFile(vitalsRules(rehearsal), rehearsal, 'exporter') },
    });
    startSeconds = Date.now() / 1_000;
    for (let second = 0; second < WATCHED_SECONDS; second += 1) {
      await sleep(1_000 * (startSeconds + second + 1) - Date.now());
      highestLoad = Math.max(highestLoad, (loadavg()[0] ?? 0) / availableParallelism());
    }
    const endSeconds = Date.now() / 1_000;
    const { api } = prometheus;
    const kept = await keptShare(api, [...demos.keys()]);
    if (kept < LEAST_KEPT) {
      skipBecause(
        this,
        `the machine has not kept up: a scrape or an evaluation a second, and ${Math.round(100 * kept)} % of them were made`,
      );
    }
    firings = firingsOf(await api.rawSamples('ALERTS{alertstate="firing"}[10m]'), INTERVAL_SECONDS);
    for (const job of demos.keys()) {
      const scraped = new ScrapedJob(
        await api.rawSamples(`{job="${job}",__name__!~"ALERTS.*|.*:.*"}[10m]`, endSeconds),
      );
      const range = { fromSeconds: startSeconds, untilSeconds: endSeconds };
      const held = alertConditions.map(
        condition => [condition, stretchesOf(condition, scraped, range)] as const,
      );
      dues.set(
        job,
        held.flatMap(([condition, stretches]) => duesOf(condition, stretches, 0)),
      );
      visibleDues.set(
        job,
        held.flatMap(([condition, stretches]) => duesOf(condition, stretches, INTERVAL_SECONDS)),
      );
    }
  });

  after(async function () {
    this.timeout(60_000);
    await prometheus?.stop();
    await Promise.all([...demos.values()].map(demo => demo.stop()));
    await cgroup?.remove();
    await outside?.remove();
  });

  /** What does not count against anybody, as the machine has had too much to do. */
  const isExcused = ({ alert }: { readonly alert: string }): boolean =>
    highestLoad > BUSY_LOAD && OF_A_BUSY_MACHINE.includes(alert);

  const firingsIn = (job: string): Firing[] => firings.filter(one => one.job === job);

  const shown = ({ alert, labels, fromSeconds, untilSeconds }: Firing): string =>
    `${alert} ${JSON.stringify(labels)} ${(fromSeconds - startSeconds).toFixed(1)} to ${(untilSeconds - startSeconds).toFixed(1)} s`;

  it('are told from what is healthy: that raises nothing in five minutes', async () => {
    const excused = firingsIn('healthy').filter(isExcused);
    if (excused.length > 0) {
      console.log(
        `      excused, as ${highestLoad.toFixed(1)} wanted each core: ${excused.map(shown).join(', ')}`,
      );
    }
    expect(
      firingsIn('healthy')
        .filter(one => !isExcused(one))
        .map(shown),
    ).to.deep.equal([]);
    // It was really there, and working, all the time.
    const [up] = await prometheus!.api.rawSamples('up{job="healthy"}[10m]');
    const seconds = (up?.points.at(-1)?.atSeconds ?? 0) - (up?.points[0]?.atSeconds ?? 0);
    expect(seconds).to.be.greaterThan(299);
    expect(up?.points.every(({ value }) => value === 1)).to.equal(true);
    const [requests] = await prometheus!.api.query('increase(demo_requests_total{job="healthy"}[300s])');
    expect(requests?.value).to.be.greaterThan(30 * 280);
  });

  for (const job of ['socket-leak', 'file-leak', 'heap-leak', 'buffer-leak', 'gc-churn']) {
    describe(job, () => {
      it('raises what it must, and nothing that is not its own', () => {
        const { must, may } = plays[job]!;
        expect(firingsIn(job).map(({ alert }) => alert)).to.include.members([...must]);
        const others = firingsIn(job).filter(
          one => !must.includes(one.alert) && !(one.alert in may) && !isExcused(one),
        );
        expect(others.map(shown)).to.deep.equal([]);
      });

      it('raises nothing while it is healthy', () => {
        // The first row of a phase is printed up to a second after it has begun.
        const faultSeconds = demos.get(job)!.begunSeconds('fault')! - 1;
        expect(faultSeconds - startSeconds).to.be.greaterThan(15);
        expect(
          firingsIn(job)
            .filter(one => one.fromSeconds < faultSeconds && !isExcused(one))
            .map(shown),
        ).to.deep.equal([]);
      });

      it('raises each within three evaluations of the moment at which its condition holds by the scraped samples', () => {
        const lags: string[] = [];
        for (const due of dues.get(job)!) {
          const { condition, dueSeconds, untilSeconds } = due;
          const firing = firingsIn(job).find(one => isOf(one, due) && one.untilSeconds >= dueSeconds);
          // It may be over before anybody has had the time to see it.
          if (untilSeconds - dueSeconds < MAXIMUM_LAG * INTERVAL_SECONDS) continue;
          // Below 0 it has been firing before, and the samples were interrupted where nobody looked.
          const lag = Math.max(0, (firing?.fromSeconds ?? NaN) - dueSeconds);
          const words = `${condition.alert} ${Object.values(condition.labels).join()}`;
          lags.push(`${words}: ${(lag / INTERVAL_SECONDS).toFixed(1)}`);
          expect(lag / INTERVAL_SECONDS, words).to.be.at.most(MAXIMUM_LAG);
        }
        console.log(`        evaluations from condition to alert: ${lags.join(', ')}`);
        expect(lags).to.not.be.empty;
      });

      it('raises none without its condition, and for no longer', () => {
        for (const firing of firingsIn(job)) {
          const due = visibleDues.get(job)!.find(one => belongsTo(firing, one));
          expect(due, shown(firing)).to.not.equal(undefined);
          expect((firing.untilSeconds - due!.untilSeconds) / INTERVAL_SECONDS, shown(firing)).to.be.at.most(
            MAXIMUM_LAG,
          );
        }
      });
    });
  }
});

/** The least share of what is due each second, of the scrapes of each job and of the evaluations. */
async function keptShare(api: PrometheusApi, jobs: readonly string[]): Promise<number> {
  const counts = await Promise.all([
    ...jobs.map(job => api.query(`sum(sum_over_time(up{job="${job}"}[5m]))`)),
    api.query(`sum(count_over_time(job:vitals_instances:count{job="${jobs[0]!}"}[5m]))`),
  ]);
  return Math.min(...counts.map(([count]) => (count?.value ?? 0) / 300));
}

function cgroupOutside(): RealCgroup | undefined {
  const made = RealCgroup.make('prometheus-faults-load');
  return made instanceof RealCgroup ? made : undefined;
}

function isOf({ alert, labels }: Firing, { condition }: Due): boolean {
  return (
    alert === condition.alert &&
    Object.entries(condition.labels).every(([label, value]) => labels[label] === value)
  );
}

/** Whether it begins where it may. */
function belongsTo(firing: Firing, due: Due): boolean {
  const { fromSeconds } = firing;
  const { dueSeconds, untilSeconds } = due;
  return (
    isOf(firing, due) &&
    fromSeconds >= dueSeconds - INTERVAL_SECONDS &&
    fromSeconds <= untilSeconds + MAXIMUM_LAG * INTERVAL_SECONDS
  );
}
