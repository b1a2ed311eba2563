import type { Fault, Work } from './fault.js';
import { socketLeak } from './socket-leak.js';

/** A fault that does nothing: the signals of a leak, and no leak. The demo must fail with it. */
export const noneControl: Fault = {
  ...socketLeak,
  name: 'none',
  title: 'control: claims to be socket-leak and leaks nothing, so the signals must not move',
  isControl: true,
  work: (surroundings): Work => {
    const work = socketLeak.work(surroundings);
    return () => work(false);
  },
};
