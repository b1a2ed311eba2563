import { bytes, bytesPerMinute, count, duration, percent } from './number-words.js';
import type { Vitals } from './page-data.js';

/** How the process is doing, from the most harmless to the worst. */
export type StateLevel = 'unknown' | 'quiet' | 'growing' | 'soon' | 'full';

export interface State {
  readonly level: StateLevel;
  /** The level in words. */
  readonly word: string;
  readonly sentence: string;
}

const WORDS: Readonly<Record<StateLevel, string>> = {
  unknown: 'Learning',
  quiet: 'Quiet',
  growing: 'Growing',
  soon: 'Act soon',
  full: 'Nearly full',
};

/** A limit within this time is worth acting on. */
const SOON_SECONDS = 3_600;
/** What "not in sight" is, as `vitals.*.time_to_limit` reports it. */
const HORIZON_SECONDS = 604_800;
const NEARLY_FULL = 0.9;

/** One limit of the process: how full it is, and when it is reached. */
export interface LimitState {
  readonly name: 'container' | 'heap' | 'host' | 'descriptors';
  readonly words: string;
  readonly used: number | null;
  readonly limit: number | null;
  readonly share: number | null;
  readonly seconds: number | null;
}

/** The limits that a process can run into, known or not. */
export function limitsOf({ memory, gc, fd }: Vitals): LimitState[] {
  const { heap, container, host } = memory ?? { heap: null, container: null, host: null };
  const seconds = memory?.timeToLimitSeconds;
  const rss = memory?.process?.residentBytes ?? null;
  const hostUsed = host?.availableBytes == null ? null : host.totalBytes - host.availableBytes;
  const fdKnown = fd?.open != null && fd.limit.soft !== null;
  return [
    limit(
      'container',
      'container memory limit',
      container?.workingSetBytes ?? rss,
      container?.limitBytes,
      seconds?.container,
    ),
    limit(
      'heap',
      'heap limit',
      memory?.liveHeapBytes ?? gc?.liveHeapBytes ?? heap?.usedBytes,
      heap?.limitBytes,
      seconds?.heap,
    ),
    limit('host', 'memory of the machine', hostUsed, host?.totalBytes, seconds?.host),
    limit(
      'descriptors',
      'descriptor limit',
      fd?.open,
      fd?.limit.soft,
      fdKnown ? fd.timeToLimitSeconds : null,
    ),
  ];
}

function limit(
  name: LimitState['name'],
  words: string,
  used: number | null | undefined,
  most: number | null | undefined,
  seconds: number | null | undefined,
): LimitState {
  const share = used == null || most == null || most <= 0 ? null : used / most;
  return { name, words, used: used ?? null, limit: most ?? null, share, seconds: seconds ?? null };
}

/** The state of the process in one sentence, for people. */
export function stateOf(vitals: Vitals): State {
  const limits = limitsOf(vitals);
  const memory = memoryWords(vitals);
  const descriptors = vitals.fd?.open;
  if (memory === undefined && descriptors == null) {
    return { level: 'unknown', word: WORDS.unknown, sentence: 'Nothing has been measured yet.' };
  }
  const facts = memory ?? `${count(descriptors ?? 0)} descriptors open`;
  const full = limits.filter(({ share, name }) => share !== null && share >= NEARLY_FULL && name !== 'host');
  const next = nextLimit(limits);
  const growth = vitals.memory === null ? (vitals.fd?.growthPerSecond ?? null) : growthOf(vitals.memory);
  const level = full.length > 0 ? 'full' : levelOf(next?.seconds, growth);
  const clauses = full.map(({ words, share }) => `${words} ${percent(share ?? 0)} used`);
  if (next !== undefined) {
    clauses.push(next.seconds <= 0 ? `${next.words} reached` : `${next.words} in ${duration(next.seconds)}`);
  } else if (growth !== null) clauses.push('no limit in sight');
  const ending = clauses.length === 0 ? '' : `: ${clauses.join('; ')}`;
  return { level, word: WORDS[level], sentence: `${facts}${ending}.` };
}

function memoryWords({ memory }: Vitals): string | undefined {
  const rss = memory?.process?.residentBytes;
  if (memory == null) return undefined;
  const used =
    rss != null
      ? `RSS ${bytes(rss)}`
      : memory.heap === null
        ? undefined
        : `Heap ${bytes(memory.heap.usedBytes)} of ${bytes(memory.heap.limitBytes)}`;
  if (used === undefined) return undefined;
  const limitBytes = memory.container?.limitBytes;
  const against = rss != null && limitBytes != null ? ` of ${bytes(limitBytes)} container limit` : '';
  // What else is in the container, other processes and the page cache in use, counts against its limit too.
  const all = memory.container?.workingSetBytes;
  const others = against !== '' && all != null && all > (rss ?? 0) * 1.25 ? ` (all in it ${bytes(all)})` : '';
  return `${used}${against}${others}, ${growthWords(growthOf(memory))}`;
}

function growthOf({ process, growthPerSecond }: NonNullable<Vitals['memory']>): number | null {
  return process?.residentBytes == null ? growthPerSecond.heap_live : growthPerSecond.rss;
}

function growthWords(perSecond: number | null): string {
  if (perSecond === null) return 'growth not known yet (too few samples)';
  // Below 1 KiB a minute nobody can tell growth from chance.
  return perSecond * 60 >= 1024 ? `growing ${bytesPerMinute(perSecond).slice(1)}` : 'not growing';
}

function nextLimit(limits: readonly LimitState[]): (LimitState & { readonly seconds: number }) | undefined {
  let next: (LimitState & { readonly seconds: number }) | undefined;
  for (const one of limits) {
    const { seconds } = one;
    if (seconds !== null && seconds < HORIZON_SECONDS && seconds < (next?.seconds ?? Infinity))
      next = { ...one, seconds };
  }
  return next;
}

function levelOf(seconds: number | undefined, growth: number | null): StateLevel {
  if (seconds !== undefined) return seconds <= SOON_SECONDS ? 'soon' : 'growing';
  return growth === null ? 'unknown' : 'quiet';
}
