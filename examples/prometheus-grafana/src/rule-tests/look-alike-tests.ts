import { MEMORY_TREND, NEVER, ticks, ticksFrom, timeTo, trendOf } from './processes.js';
import { ramp, replaced, sawtooth, swing } from './shapes.js';
import { target } from './test-group.js';
import type { Shape, TestGroup, TestSeries } from './test-group.js';

const MEBIBYTE = 1_048_576;
const LIMIT = 1_024 * MEBIBYTE;

/**
 * What looks like a leak and is none, for three hours each: memory as it goes in healthy services, and of it what the
 * packages themselves would report. Of all the alerts none may fire.
 */
export function lookAlikeTests(): TestGroup[] {
  const rss =
    (mebibytes: Shape): Shape =>
    minute =>
      (mebibytes(minute) ?? 0) * MEBIBYTE;
  const services: readonly (readonly [
    instance: string,
    mebibytes: Shape,
    births?: readonly number[],
    live?: Shape,
  ])[] = [
    ['idle', noisy(() => 70)],
    ['warm-up-of-3-minutes', noisy(ramp(60, 600, 0, 3))],
    ['warm-up-of-5-minutes', noisy(ramp(60, 700, 0, 5))],
    ['warm-up-of-8-minutes', noisy(ramp(60, 700, 0, 8))],
    ['warm-up-that-levels-off', noisy(minute => 60 + 600 * (1 - Math.exp(-minute / 3)))],
    ['deployed', replaced(120, noisy(ramp(60, 700, 0, 5)), noisy(ramp(60, 700, 0, 5))), [0, 120]],
    ['crashed-and-begun-anew', replaced(90, noisy(ramp(60, 650, 0, 2)), noisy(ramp(60, 650, 0, 2))), [0, 90]],
    ['sawtooth-of-1-minute', sawtooth(200, 700, 1), [0], () => 200],
    ['sawtooth-of-2-minutes', sawtooth(200, 700, 2), [0], () => 200],
    ['sawtooth-of-5-minutes', sawtooth(200, 700, 5), [0], () => 200],
    ['sawtooth-of-10-minutes', sawtooth(200, 700, 10), [0], () => 200],
    ['load-up-and-down', noisy(minute => 300 - 100 * Math.cos((2 * Math.PI * minute) / 40))],
    ['step', noisy(ramp(250, 650, 60, 60.5))],
    ['step-within-3-minutes', noisy(ramp(250, 650, 60, 63))],
    ['step-within-5-minutes', noisy(ramp(250, 650, 60, 65))],
    ['step-down', noisy(ramp(650, 250, 60, 61))],
    ['two-steps', noisy(minute => 200 + (minute < 50 ? 0 : 150) + (minute < 130 ? 0 : 150))],
    ['busy-by-turns', noisy(swing(200, 600, 50))],
    ['spike', minute => (minute >= 100 && minute < 101 ? 730 : 300)],
  ];
  return [
    {
      name: 'look-alikes of a leak: no alert in three hours',
      rules: [],
      minutes: 180,
      stepSeconds: 60,
      series: services.flatMap(([instance, mebibytes, births = [0], live = mebibytes]) =>
        reported(instance, rss(mebibytes), rss(live), births),
      ),
      firing: [],
    },
  ];
}

/** Up and down by a few megabytes, in no step with anything. The same at each run. */
function noisy(mebibytes: Shape): Shape {
  return minute => (mebibytes(minute) ?? 0) + 4 * Math.sin(minute * 7.3) + 3 * Math.sin(minute * 23.9);
}

/** What the packages report of a process, much of whose memory is its live heap; garbage is in the resident set alone. */
function reported(instance: string, bytes: Shape, live: Shape, births: readonly number[]): TestSeries[] {
  const labels = target(instance);
  const share = roughly(minute => bytes(minute)! / LIMIT);
  const trend = (of: Shape): Shape => perProcess(births, of, own => roughly(trendOf(own, MEMORY_TREND)));
  const end = (of: Shape): Shape => perProcess(births, of, own => roughly(timeTo(LIMIT, own, MEMORY_TREND)));
  const growth = (signal: string, of: Shape): TestSeries => ({
    metric: `<vitals.memory.growth{vitals.memory.signal="${signal}"}>`,
    labels,
    shape: trend(of),
  });
  const timeToLimit = (limit: string, shape: Shape): TestSeries => ({
    metric: `<vitals.memory.time_to_limit{vitals.memory.limit="${limit}"}>`,
    labels,
    shape,
  });
  return [
    { metric: '<process.memory.usage>', labels, shape: roughly(bytes) },
    { metric: '<vitals.container.memory.limit>', labels, shape: () => LIMIT },
    { metric: '<vitals.container.memory.utilization>', labels, shape: share },
    { metric: '<vitals.heap.live_utilization>', labels, shape: roughly(minute => live(minute)! / LIMIT) },
    growth('rss', bytes),
    growth('heap_live', live),
    timeToLimit('container', end(bytes)),
    timeToLimit('heap', end(live)),
    timeToLimit('host', NEVER),
    ticks(labels, 'memory.process', ticksFrom(...births)),
  ];
}

/** Four digits, so that the file can be read. */
function roughly(shape: Shape): Shape {
  return minute => {
    const value = shape(minute);
    return value === undefined ? undefined : Number(value.toPrecision(4));
  };
}

/** Each process judges itself alone: what it does not know of before its birth. */
function perProcess(births: readonly number[], value: Shape, judge: (own: Shape) => Shape): Shape {
  const own = births.map(birth => judge(minute => value(minute + birth)));
  return minute => {
    const index = births.findLastIndex(birth => minute >= birth);
    return own[index]?.(minute - births[index]!);
  };
}
