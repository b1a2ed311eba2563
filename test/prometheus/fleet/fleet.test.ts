import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { GC_TYPES } from 'otel-runtime-kit/gc';
import { parseScrape } from 'test-helpers/prometheus-text';
import { skipBecause } from 'test-helpers/skip-because';
import { rehearsal } from 'example-prometheus-grafana/dist/src/rules/pace.js';
import {
  recordedNames,
  ruleFile,
  vitalsRules,
} from 'example-prometheus-grafana/dist/src/rules/rule-files.js';
import { RunningPrometheus } from '../running-prometheus.js';
import { FleetServer } from './fleet-server.js';
import { instanceText, templateOf } from './instance-text.js';
import type { InstanceTemplate } from './instance-text.js';
import { realScrape } from './real-scrape.js';

const INSTANCES = 60;

const JOBS = 3;

describe('a generated fleet', function () {
  this.timeout(120_000);

  let real: string;
  let template: InstanceTemplate;

  before(async function () {
    this.timeout(60_000);
    if (process.platform !== 'linux') skipBecause(this, 'some of the metrics are from /proc');
    real = await realScrape();
    template = templateOf(real);
  });

  const samplesAt = (instance: number, atSeconds: number): Map<string, number> =>
    new Map(
      parseScrape(instanceText(template, instance, atSeconds)).samples.map(({ name, labels, value }) => [
        `${name} ${JSON.stringify(labels)}`,
        value,
      ]),
    );

  it('exposes what a real process exposes, and every type of collection', () => {
    const ofProcess = parseScrape(real).samples.filter(({ name }) => !name.startsWith('demo_'));
    const generated = samplesAt(1, 1_000);
    for (const { name, labels } of ofProcess) {
      expect(generated.has(`${name} ${JSON.stringify(labels)}`), name).to.equal(true);
    }
    const counts = [...generated.keys()].filter(key => key.startsWith('v8js_gc_duration_count'));
    expect(counts).to.have.length(GC_TYPES.length - 1);
    expect(generated.size).to.be.at.least(ofProcess.length);
  });

  it('counts upwards, in buckets too, and swings where a process does', () => {
    const [early, late] = [samplesAt(7, 5_000), samplesAt(7, 5_030)];
    let swings = 0;
    for (const [key, value] of early) {
      const isCounter =
        /_(?:total|bucket|sum|count)\b/.test(key) && !/descriptor_count|context_count/.test(key);
      if (isCounter) expect(late.get(key), key).to.be.at.least(value);
      else if (late.get(key) !== value) swings += 1;
    }
    expect(swings).to.be.greaterThan(30);
    const buckets = [...late].filter(([key]) => /_bucket .*"minor"/.test(key)).map(([, value]) => value);
    expect(buckets.length).to.be.greaterThan(15);
    expect(buckets).to.deep.equal(buckets.toSorted((a, b) => a - b));
  });

  it('has instances that restart, and others that do not', () => {
    const restarts = (instance: number): number => {
      let count = 0;
      let before = -Infinity;
      for (let atSeconds = 10_000; atSeconds < 14_000; atSeconds += 30) {
        const ticks = [...samplesAt(instance, atSeconds)].find(([key]) =>
          key.startsWith('vitals_sampler_ticks'),
        );
        if (ticks![1] < before) count += 1;
        before = ticks![1];
      }
      return count;
    };
    expect(restarts(100)).to.be.within(3, 4);
    expect(restarts(101)).to.equal(0);
  });

  it('is scraped by a real Prometheus, which records of each job what the rules say', async () => {
    const server = new FleetServer(template, INSTANCES);
    await server.start();
    let prometheus: RunningPrometheus | undefined;
    try {
      prometheus = await RunningPrometheus.start({
        scrapeInterval: '1s',
        scrapes: server.jobs(JOBS),
        ruleFiles: { 'vitals.rules.yml': ruleFile(vitalsRules(rehearsal), rehearsal, 'exporter') },
      });
      const { api } = prometheus;
      await sleep(8_000);
      const targets = await api.targets();
      expect(targets.filter(({ health }) => health === 'up')).to.have.length(INSTANCES);
      const scraped = await api.query('scrape_samples_scraped');
      expect(new Set(scraped.map(({ value }) => value))).to.deep.equal(new Set([template.lines.length]));
      const counts = await api.query('job:vitals_instances:count');
      expect(counts.map(({ value }) => value)).to.deep.equal([20, 20, 20]);
      const names = (await api.seriesNames()).filter(name => name.includes(':'));
      expect(new Set(names)).to.deep.equal(recordedNames(rehearsal));
    } finally {
      await prometheus?.stop();
      server.stop();
    }
  });
});
