import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { askedProcesses } from 'test-helpers/asked-process';
import { skipBecause } from 'test-helpers/skip-because';
import type { ProcessReport, commands } from './fixtures/cluster-process.js';
import { makeContainer } from './fixtures/container.js';
import type { Container } from './fixtures/container.js';
import { isOfContainer, metricOf, numberIn } from './series-kinds.js';

const FIXTURE = join(__dirname, 'fixtures', 'cluster-process.js');
const MEGABYTE = 1024 * 1024;
const LIMIT_BYTES = 1_500 * MEGABYTE;
/** Far enough apart that nobody can be taken for another. */
const PRIMARY_MEGABYTES = 100;
const WORKER_MEGABYTES = [200, 300];
/** A process is looked at a moment after it has looked itself; in between it answers and collects. */
const TOLERANCE_BYTES = 12 * MEGABYTE;

/** Bytes, as the kernel has them. */
function statusOf(pid: number): Readonly<Record<string, number>> {
  const text = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Object.fromEntries(
    Array.from(text.matchAll(/^(\w+):\s+(\d+) kB$/gm), ([, name, kilobytes]) => [
      name!,
      Number(kilobytes) * 1024,
    ]),
  );
}

describe('a cluster of a primary and two workers', () => {
  const launch = askedProcesses(after);
  let container: Container | undefined;
  let reports: ProcessReport[];
  let statuses: Readonly<Record<string, number>>[];
  let descriptors: number[];
  let usage: { readonly before: number; readonly after: number } | undefined;
  let exitCodes: number[];
  const all = (): (readonly [ProcessReport, Readonly<Record<string, number>>])[] =>
    reports.map((report, index) => [report, statuses[index]!]);

  before(async function () {
    if (process.platform !== 'linux') skipBecause(this, 'the facts are in /proc');
    const made = makeContainer('cluster', LIMIT_BYTES);
    container = typeof made === 'string' ? undefined : made;
    const env = { CONTAINER_MEMORY_LIMIT_MB: String(LIMIT_BYTES / MEGABYTE) };
    const child = await launch<typeof commands>(FIXTURE, container?.fixtureOptions ?? { env });
    await child.ask('start', { primaryMegabytes: PRIMARY_MEGABYTES, workerMegabytes: WORKER_MEGABYTES });
    const before = container?.cgroup.usageBytes;
    reports = await child.ask('report');
    statuses = reports.map(({ pid }) => statusOf(pid));
    descriptors = reports.map(({ pid }) => readdirSync(`/proc/${pid}/fd`).length);
    if (container !== undefined && before !== undefined) {
      usage = { before, after: container.cgroup.usageBytes };
    }
    exitCodes = await child.ask('stop');
  });

  after(async () => {
    await container?.remove();
  });

  it('speaks of the container in the primary alone', () => {
    const ofContainer = reports.map(({ values }) => Object.keys(values).filter(isOfContainer));
    expect(reports.map(({ isPrimary }) => isPrimary)).to.deep.equal([true, false, false]);
    expect(ofContainer.slice(1)).to.deep.equal([[], []]);
    expect(new Set(ofContainer[0]!.map(metricOf))).to.include.all.keys(
      'vitals.container.memory.limit',
      'vitals.container.memory.utilization',
      'vitals.memory.time_to_limit',
    );
  });

  it('has the limit and the usage of the whole cluster there', function () {
    const { values } = reports[0]!;
    expect(numberIn(values, 'vitals.container.memory.limit')).to.equal(LIMIT_BYTES);
    if (usage === undefined) skipBecause(this, 'no memory cgroup can be made here, so there is no usage');
    const used = numberIn(values, 'container.memory.usage');
    expect(used).to.be.within(usage.before - TOLERANCE_BYTES, usage.after + TOLERANCE_BYTES);
    const kept = PRIMARY_MEGABYTES + WORKER_MEGABYTES[0]! + WORKER_MEGABYTES[1]!;
    expect(used).to.be.above(kept * MEGABYTE);
    expect(numberIn(values, 'container.memory.available')).to.equal(
      LIMIT_BYTES - numberIn(values, 'container.memory.working_set'),
    );
  });

  it('has the memory of each process in that process', () => {
    const megabytes = [PRIMARY_MEGABYTES, ...WORKER_MEGABYTES];
    for (const [index, [{ values }, status]] of all().entries()) {
      for (const [series, field] of [
        ['process.memory.usage', 'VmRSS'],
        ['process.memory.virtual', 'VmSize'],
        ['vitals.memory.peak', 'VmHWM'],
        ['vitals.memory.resident{vitals.memory.kind="anon"}', 'RssAnon'],
        ['vitals.memory.resident{vitals.memory.kind="file"}', 'RssFile'],
        ['vitals.memory.swap', 'VmSwap'],
      ] as const) {
        expect(numberIn(values, series), series).to.be.closeTo(status[field]!, TOLERANCE_BYTES);
      }
      expect(numberIn(values, 'vitals.memory.array_buffers')).to.be.within(
        megabytes[index]! * MEGABYTE,
        megabytes[index]! * MEGABYTE + TOLERANCE_BYTES,
      );
    }
  });

  it('has the descriptors of each process in that process', () => {
    expect(reports.map(({ values }) => numberIn(values, 'process.unix.file_descriptor.count'))).to.deep.equal(
      descriptors,
    );
  });

  it('ends by itself once it has stopped', () => {
    expect(exitCodes).to.deep.equal([0, 0]);
  });
});
