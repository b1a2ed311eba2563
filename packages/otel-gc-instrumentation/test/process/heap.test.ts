import { expect } from 'chai';
import { skipBecause } from 'test-helpers/skip-because';
import type { Result } from '../fixtures/collecting-process.js';
import { runTraced } from '../fixtures/traced-process.js';

/** Of a fixed size from the start, so that all collections are alike. */
const YOUNG_16 = ['--min-semi-space-size=16', '--max-semi-space-size=16'];
/** Smaller than what is made to stay; and V8 is not to learn that all of it stays, and to make it in the old one at once. */
const YOUNG_1 = ['--min-semi-space-size=1', '--max-semi-space-size=1', '--no-allocation-site-pretenuring'];

/** Collections that are measured whatever the rate: what is saved up at the start. */
const MEASURED_AT_FIRST = 100;

async function resultOf(load: Parameters<typeof runTraced>[0], nodeArgs: readonly string[]): Promise<Result> {
  const { results } = await runTraced(load, { nodeArgs });
  const [result] = results as [Result];
  const { summary } = result;
  expect(summary.source.pauses).to.equal('observer');
  expect(summary.source.heapEffects).to.be.oneOf(['measuring', 'sampling']);
  const { measuredGcs = NaN, estimatedGcs = NaN } = summary.heapEffects ?? {};
  expect(measuredGcs + estimatedGcs).to.equal(summary.total.count);
  expect(measuredGcs).to.be.at.least(Math.min(MEASURED_AT_FIRST, summary.total.count));
  return result;
}

describe('heap effects in a process, against what it makes', () => {
  it('garbage of a known size is allocated and reclaimed', async () => {
    const { summary, told } = await resultOf('garbage', YOUNG_16);
    const { bytes = NaN } = told;
    const { allocatedBytes = NaN, promotedBytes, reclaimedBytes } = summary.heapEffects ?? {};
    const reclaimed = Object.values(reclaimedBytes ?? {}).reduce((sum, each) => sum + each, 0);
    expect(allocatedBytes).to.be.closeTo(bytes, bytes * 0.03);
    expect(reclaimed).to.be.closeTo(bytes, bytes * 0.03);
    expect(reclaimedBytes?.minor, 'by scavenges, what the last turns made excepted').to.be.above(bytes * 0.9);
    expect(promotedBytes).to.be.below(bytes * 0.02);
  });

  it('what stays is promoted, and is the live heap after a major collection', async () => {
    const { summary, told, usedBeforeBytes, usedAfterBytes } = await resultOf('retained', YOUNG_1);
    const { bytes = NaN } = told;
    // Major collections move young objects too, but do not tell how many: at most a semi-space each.
    const byMajors = summary.byType.major.count * 1024 * 1024;
    expect(summary.heapEffects?.promotedBytes).to.be.within(bytes * 0.97 - byMajors, bytes * 1.1);
    expect(summary.liveHeapBytes).to.be.closeTo(usedAfterBytes, usedAfterBytes * 0.01);
    expect(usedAfterBytes - usedBeforeBytes).to.be.closeTo(bytes, bytes * 0.05);
    expect(summary.majorAgeSeconds).to.be.within(0, 5);
  });

  it('the live heap is a share of the limit that V8 was given', async () => {
    const { summary } = await resultOf('retained', [...YOUNG_1, '--max-old-space-size=512']);
    // The limit holds the young generation as well: up to three semi-spaces.
    const limitBytes = (summary.liveHeapBytes ?? NaN) / (summary.liveHeapUtilization ?? NaN);
    expect(limitBytes / 1024 / 1024).to.be.within(512, 512 + 3);
  });

  it('allocated is what V8 counts itself in a process without us, within 3 %', async function () {
    // Beside an observer or a profiler V8 counts more: the rest of a buffer with each collection and each question.
    const { results } = await runTraced('service', { nodeArgs: YOUNG_16, options: { enabled: false } });
    const { totalAllocatedBytes } = (results as [Result])[0];
    if (totalAllocatedBytes === null) skipBecause(this, 'this Node keeps no total_allocated_bytes');
    const { summary } = await resultOf('service', YOUNG_16);
    expect(totalAllocatedBytes).to.be.above(300e6);
    expect(summary.heapEffects?.allocatedBytes).to.be.closeTo(
      totalAllocatedBytes,
      totalAllocatedBytes * 0.03,
    );
  });
});
