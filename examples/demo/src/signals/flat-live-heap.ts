import { LIVE_HEAP } from '../metric-names.js';
import { megabytes } from '../number-format.js';
import { liveHeaps } from '../run/live-heap.js';
import type { Signal } from './signal.js';

/** That nothing is leaked, however much garbage there is. */
export const flatLiveHeap: Signal = {
  platforms: 'all',
  title: 'the live heap',
  moves: run => {
    const { before, after, isFlat } = liveHeaps(run);
    return {
      holds: isFlat,
      subject: LIVE_HEAP,
      finding: `${megabytes(before)} → ${megabytes(after)} MB: ${isFlat ? 'nothing' : 'something'} leaked`,
    };
  },
};
