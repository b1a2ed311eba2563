import { expect } from 'chai';
import v8 from 'node:v8';
import type { GcPerformanceEntry } from '../../src/gc/gc-pause.js';
import { gcPauseOf } from '../../src/gc/gc-pause.js';
import { hostGcPlatform } from '../../src/gc/gc-platform.js';

const nextTurn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** Waits for what comes with a later turn of the loop. */
async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5_000 && !isSo(); turn += 1) await nextTurn();
}

function collect(): void {
  if (globalThis.gc === undefined) throw new Error('needs --expose-gc');
  globalThis.gc();
}

/** Records one major collection. Nothing of the recording is left in the caller's frame. */
function recordOne(onCollected: () => void): string[] {
  const recording = hostGcPlatform().startRecording!();
  collect();
  const records = recording.stop();
  recording.onCollected(onCollected);
  for (const { beforeGC, afterGC } of records) {
    for (const { heapStatistics, heapSpaceStatistics } of [beforeGC, afterGC]) {
      expect(heapStatistics.usedHeapSize).to.be.above(1_000_000);
      const sum = heapSpaceStatistics.reduce((total, { spaceUsedSize }) => total + spaceUsedSize, 0);
      expect(sum / heapStatistics.usedHeapSize).to.be.within(0.98, 1.02);
      expect(heapSpaceStatistics.map(({ spaceName }) => spaceName)).to.include.members([
        'new_space',
        'old_space',
        'new_large_object_space',
      ]);
    }
  }
  expect(records.every(({ cost }) => cost > 0)).to.equal(true);
  return records.map(({ gcType }) => gcType);
}

describe('the runtime that the source of collections runs in', () => {
  it('tells of entries until that is cancelled', async () => {
    const entries: GcPerformanceEntry[] = [];
    const cancel = hostGcPlatform().observe(batch => entries.push(...batch));
    const beforeMillis = performance.now();
    collect();
    const afterMillis = performance.now();
    await until(() => entries.length > 0);
    cancel();
    const pause = entries.map(gcPauseOf).find(({ forced }) => forced);
    expect(pause?.type).to.equal('major');
    expect(pause?.startMillis).to.be.within(beforeMillis, afterMillis);
    expect(pause!.startMillis + pause!.seconds * 1_000).to.be.within(beforeMillis, afterMillis);
    const { length } = entries;
    collect();
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    expect(entries).to.have.length(length);
  });

  it('records collections, and tells when a recording is collected: the first one, too', async () => {
    const ended: number[] = [];
    for (const nth of [1, 2, 3]) {
      expect(recordOne(() => ended.push(nth))).to.include('MarkSweepCompact');
    }
    await nextTurn();
    collect();
    await until(() => ended.length === 3);
    expect(ended.sort()).to.deep.equal([1, 2, 3]);
  });

  it('knows the used heap as V8 has it', () => {
    const platform = hostGcPlatform();
    platform.usedHeapBytes();
    const known = v8.getHeapStatistics().used_heap_size;
    expect(platform.usedHeapBytes() - known).to.be.within(0, 100_000);
  });

  it('makes V8 begin and end a major collection that is not forced, and takes no memory for it', async () => {
    const entries: GcPerformanceEntry[] = [];
    const platform = hostGcPlatform();
    collect();
    const cancel = platform.observe(batch => entries.push(...batch));
    const external = (): number => v8.getHeapStatistics().external_memory;
    const externalBefore = external();
    const rssBefore = process.memoryUsage.rss();
    platform.provokeMajorGc();
    expect(external() - externalBefore).to.be.below(1_000_000);
    const rssGrown = process.memoryUsage.rss() - rssBefore;
    const types = (): string[] => entries.map(gcPauseOf).map(({ type }) => type);
    await until(() => types().includes('major'));
    cancel();
    expect(types()).to.include.members(['incremental', 'major']);
    expect(types().indexOf('incremental')).to.be.below(types().indexOf('major'));
    expect(entries.map(gcPauseOf).some(({ forced }) => forced)).to.equal(false);
    expect(rssGrown).to.be.below(8_000_000);
  });
});
