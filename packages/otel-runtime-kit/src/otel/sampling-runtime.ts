import { GcSource } from '../gc/index.js';
import type { GcSourceOptions } from '../gc/index.js';
import { ReadingLog, Sampler, systemClock } from '../sampling/index.js';
import type { Clock } from '../sampling/index.js';
import { ProblemLog } from './problem-log.js';
import { runUntraced } from './untraced.js';

/** The sampler, its clock and its accounts, which belong together, and the one source of garbage collections. */
export interface SamplingRuntime {
  readonly clock: Clock;
  readonly sampler: Sampler;
  readonly readings: ReadingLog;
  readonly gc: GcSource;
}

/** Who has `vitals.sampler.*` on one meter provider. */
interface SamplerBinding {
  bindings: number;
  readonly unbind: () => void;
  /** Called once when another instrumentation binds itself, before its own instruments are made. */
  onFurther?: (() => void) | undefined;
}

/** What several copies of this package in one process share. */
interface ProcessState {
  /** Raised when a change makes copies of different versions unable to share. */
  readonly protocol: 1;
  readonly runtime: SamplingRuntime;
  readonly samplerMetrics: WeakMap<object, SamplerBinding>;
  /** By meter: who would record there, the one that does first. */
  readonly recorders: WeakMap<object, object[]>;
}

const PROTOCOL = 1;
const stateKey = Symbol.for('otel-runtime-kit.state');

/** A runtime of its own, for tests with their own clock and, if given, their own source of collections. */
export function createSamplingRuntime(
  clock: Clock,
  gcPlatform?: GcSourceOptions['platform'],
): SamplingRuntime {
  const shared = { clock, sampler: new Sampler(clock, runUntraced), readings: new ReadingLog() };
  const problems = new ProblemLog('otel-runtime-kit');
  return { ...shared, gc: new GcSource({ ...shared, problems, platform: gcPlatform }) };
}

/**
 * What all copies of this package in this isolate share: one sampler, however often the package is installed.
 * A copy that speaks another protocol keeps to itself.
 */
export function processState(): ProcessState {
  const holder = globalThis as { [stateKey]?: ProcessState };
  const present = holder[stateKey];
  // The type says 1; another version of this package may have put something else there.
  if ((present?.protocol as number | undefined) === PROTOCOL && present !== undefined) return present;
  if (present !== undefined) return (ownState ??= createState());
  const created = createState();
  Object.defineProperty(holder, stateKey, { value: created });
  return created;
}

let ownState: ProcessState | undefined;

function createState(): ProcessState {
  return {
    protocol: PROTOCOL,
    runtime: createSamplingRuntime(systemClock),
    samplerMetrics: new WeakMap(),
    recorders: new WeakMap(),
  };
}
