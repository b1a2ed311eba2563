import { join } from 'node:path';
import { expect } from 'chai';
import { askedProcesses } from 'test-helpers/asked-process';
import { skipBecause } from 'test-helpers/skip-because';
import type { ThreadReport } from './fixtures/measured-thread.js';
import type { commands } from './fixtures/threads.js';
import { isProcessWide, metricOf, numberIn } from './series-kinds.js';

/** Threads of V8 sweep what was marked, at any time (docs/decisions/0007-where-peers-differ.md). */
const SWEPT_BYTES = 256 * 1024;

const FIXTURE = join(__dirname, 'fixtures', 'threads.js');
const MEGABYTE = 1024 * 1024;
const EXTERNAL_TOLERANCE_BYTES = 256 * 1024;
const WORKER = { megabytes: 40, forcedGcs: 7 };
const WORKER_HEAP_MEGABYTES = 128;

/** What the process has open, and what keeps it alive. */
interface Left {
  readonly descriptors: number;
  readonly resources: readonly string[];
}

describe('a worker thread beside the main thread', () => {
  const launch = askedProcesses(after);
  let main: ThreadReport;
  let worker: ThreadReport;
  let mainAfterwards: ThreadReport;
  let leftBefore: Left;
  let leftAfterwards: Left;

  before(async function () {
    if (process.platform !== 'linux') skipBecause(this, 'descriptors are counted by /proc');
    const child = await launch<typeof commands>(FIXTURE, { nodeArgs: ['--expose-gc'] });
    await child.ask('startMain');
    // The first one has Node.js open what it keeps for all of them.
    await child.ask('startWorker', { order: { megabytes: 1, forcedGcs: 0 }, heapMegabytes: 64 });
    await child.ask('terminateWorker');
    leftBefore = await child.ask('left');
    worker = await child.ask('startWorker', { order: WORKER, heapMegabytes: WORKER_HEAP_MEGABYTES });
    main = await child.ask('reportMain');
    await child.ask('terminateWorker');
    leftAfterwards = await child.ask('left');
    mainAfterwards = await child.ask('reportMain');
    await child.ask('stopMain');
  });

  it('emits nothing of the process or its container', () => {
    const series = Object.keys(worker.values);
    expect(series.filter(isProcessWide)).to.deep.equal([]);
    expect(new Set(series.map(metricOf))).to.include.all.keys(
      'v8js.memory.heap.used',
      'v8js.memory.heap.space.size',
      'v8js.gc.duration',
      'vitals.heap.used',
      'vitals.heap.size',
      'vitals.heap.limit',
      'vitals.heap.utilization',
      'vitals.heap.live',
      'vitals.heap.context.count',
      'vitals.memory.external',
      'vitals.memory.array_buffers',
      'vitals.memory.time_to_limit',
      'vitals.gc.forced',
      'vitals.gc.utilization',
    );
  });

  it('leaves that to the main thread, which emits each of it', () => {
    expect(new Set(Object.keys(main.values).filter(isProcessWide).map(metricOf))).to.include.all.keys(
      'process.memory.usage',
      'process.memory.virtual',
      'vitals.memory.peak',
      'vitals.memory.resident',
      'vitals.memory.swap',
      'vitals.memory.native',
      'process.unix.file_descriptor.count',
      'vitals.fd.limit',
    );
  });

  for (const thread of ['main', 'worker'] as const) {
    it(`has the heap of its own isolate, in the ${thread} thread`, () => {
      const { values, heapBefore, heapAfter } = { main, worker }[thread];
      // Nothing was collected in between: what is in use can only have grown, but for what V8 sweeps beside.
      expect(numberIn(values, 'vitals.heap.used')).to.be.within(
        heapBefore.used_heap_size - SWEPT_BYTES,
        heapAfter.used_heap_size + SWEPT_BYTES,
      );
      expect(numberIn(values, 'vitals.heap.size')).to.be.within(
        heapBefore.total_heap_size - SWEPT_BYTES,
        heapAfter.total_heap_size + SWEPT_BYTES,
      );
      expect(numberIn(values, 'vitals.heap.limit')).to.equal(heapBefore.heap_size_limit);
      // Buffers are freed by another thread of V8, at any time.
      expect(numberIn(values, 'vitals.memory.external')).to.be.closeTo(
        heapBefore.external_memory,
        EXTERNAL_TOLERANCE_BYTES,
      );
    });
  }

  it('holds in its heap what it has allocated, and the main thread does not', () => {
    const used = (report: ThreadReport): number => numberIn(report.values, 'vitals.heap.used') / MEGABYTE;
    expect(used(worker)).to.be.above(WORKER.megabytes);
    expect(used(main)).to.be.below(WORKER.megabytes);
    // They share their memory, though.
    expect(numberIn(main.values, 'process.memory.usage') / MEGABYTE).to.be.above(used(worker) + used(main));
    expect(numberIn(worker.values, 'vitals.heap.limit')).to.be.below(
      numberIn(main.values, 'vitals.heap.limit'),
    );
    expect(numberIn(worker.values, 'vitals.heap.live') / MEGABYTE).to.be.above(WORKER.megabytes);
  });

  it('counts the collections of its own isolate: those that it forced, and none of them in the main thread', () => {
    expect(numberIn(worker.values, 'vitals.gc.forced')).to.equal(WORKER.forcedGcs);
    expect(numberIn(main.values, 'vitals.gc.forced')).to.equal(0);
    for (const { values, witnessed } of [worker, main]) {
      const counted = Object.values(witnessed).reduce((sum, count) => sum + count, 0);
      const recorded = Object.entries(values)
        .filter(([series]) => metricOf(series) === 'v8js.gc.duration')
        .reduce((sum, [, value]) => sum + (value as { count: number }).count, 0);
      expect(recorded).to.equal(counted);
    }
    expect(worker.witnessed['4']).to.be.at.least(WORKER.forcedGcs);
  });

  it('leaves nothing behind when it is terminated', () => {
    expect(leftAfterwards).to.deep.equal(leftBefore);
    expect(numberIn(mainAfterwards.values, 'process.unix.file_descriptor.count')).to.equal(
      // The pipes of the worker's own standard streams are none: they go through the main thread.
      leftAfterwards.descriptors,
    );
    expect(Object.keys(mainAfterwards.values)).to.include.members(Object.keys(main.values));
  });
});
