import type { ProblemSink } from 'otel-runtime-kit/sampling';
import type { SamplingRuntime } from 'otel-runtime-kit/otel';
import { CONNECTION_STATES } from './connection-states.js';
import type { ConnectionState, ConnectionTable } from './connection-states.js';
import type { DescriptorDirectory } from './descriptor-directory.js';
import type { FdKind } from './descriptor-kind.js';
import { KindScan } from './kind-scan.js';

/** Links looked at without a pause: 0.8 to 2 ms, as measured. */
const SLICE_LINKS = 500;

/** Pause between slices, in which the host runs. */
const PAUSE_MILLIS = 1;

/** What the latest complete scan found. */
export interface KindFindings {
  readonly byKind: Readonly<Record<FdKind, number>>;
  readonly sampled: boolean;
  readonly connections: Readonly<Record<ConnectionState, number>> | null;
}

/** What a {@link KindWatch} works with. */
export interface KindWatchOptions {
  readonly runtime: SamplingRuntime;
  readonly directory: DescriptorDirectory;
  readonly maximum: number;
  readonly connectionTable: ConnectionTable | undefined;
  readonly problems: ProblemSink;
  /** Called at the end of each scan; with `undefined` if it failed. */
  readonly onFindings: (findings: KindFindings | undefined) => void;
}

/** Runs scans of the descriptors' kinds, one at a time and in slices. */
export class KindWatch {
  readonly #options: KindWatchOptions;
  #scan: KindScan | undefined;
  #cancel: (() => void) | undefined;
  #waiting: (() => void)[] = [];

  constructor(options: KindWatchOptions) {
    this.#options = options;
  }

  /**
   * Starts a scan, or joins the one under way.
   *
   * @param whenDone called once it has ended, well or not; not if it is stopped
   */
  start(whenDone?: () => void): void {
    if (whenDone !== undefined) this.#waiting.push(whenDone);
    if (this.#scan !== undefined) return;
    const { directory, maximum } = this.#options;
    this.#scan = this.#read(() => new KindScan(directory.path, directory.list(), maximum));
    if (this.#scan === undefined) this.#end(undefined);
    else this.#slice();
  }

  /** Ends a scan that is under way, without a result. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#scan = undefined;
    this.#waiting = [];
  }

  readonly #slice = (): void => {
    const scan = this.#scan;
    if (scan === undefined) return;
    const complete = this.#read(() => scan.step(SLICE_LINKS));
    if (complete === false) {
      this.#cancel = this.#options.runtime.sampler.defer(PAUSE_MILLIS, this.#slice);
      return;
    }
    this.#end(complete === true ? this.#findings(scan) : undefined);
  };

  #findings(scan: KindScan): KindFindings {
    const { byKind, sampled, scale, socketInodes } = scan.result();
    const { connectionTable, problems, runtime } = this.#options;
    if (connectionTable === undefined) return { byKind, sampled, connections: null };
    const counted = runtime.readings.run(
      'fd.connections',
      () => connectionTable.count(socketInodes),
      problems,
    );
    if (counted === undefined || scale === 1) return { byKind, sampled, connections: counted ?? null };
    const connections = Object.fromEntries(
      CONNECTION_STATES.map(state => [state, Math.round(counted[state] * scale)]),
    ) as Record<ConnectionState, number>;
    return { byKind, sampled, connections };
  }

  #end(findings: KindFindings | undefined): void {
    const waiting = this.#waiting;
    this.stop();
    this.#options.onFindings(findings);
    for (const whenDone of waiting) whenDone();
  }

  #read<Result>(read: () => Result): Result | undefined {
    return this.#options.runtime.readings.run('fd.kinds', read, this.#options.problems);
  }
}
