import type { Plan } from '../plan.js';
import type { Onlookers, PressureMessage } from '../service/messages.js';
import type { Tally } from '../tally.js';
import type { GcTraceTotals } from './gc-trace.js';
import type { Machine } from './machine.js';
import type { OutsideView } from './outside-view.js';
import type { Scrape } from './scrape.js';

/** The parts of a run. In `warm-up` nothing is judged: connections are being made, the trend has no points yet. */
export type PhaseName = 'warm-up' | 'healthy' | 'fault';

/** One scrape. */
export interface Sample {
  /** Seconds since the load began. */
  readonly atSeconds: number;
  readonly phase: PhaseName;
  readonly scrape: Scrape;
  /** Seconds of each pause that V8 itself has told of during the window of the P95. */
  readonly recentPauses: readonly number[];
  /** Share of the last minute, or of all the time there was, that those pauses took that V8 itself has told of. */
  readonly pausedShare: number;
  /** Requests that the load generator has had answered, since the start. */
  readonly requestsAnswered: number;
}

/** The numbers while nothing happens, from several sources: they must be the same. */
export interface Rest {
  readonly scrape: Scrape;
  /** From the kernel, seen by another process; `undefined` where it does not show. */
  readonly outside: OutsideView | undefined;
  /** Requests that the load generator has had answered, since the start. */
  readonly requestsAnswered: number;
  /** What the service itself says that it has done, since the start. */
  readonly tally: Tally;
  /** Connections to the service's metrics and its page, by its own count. */
  readonly onlookers: Onlookers;
  /** What V8 itself says of collections, since the start. */
  readonly trace: GcTraceTotals;
  /** How often the demo has made the service collect, since the start. */
  readonly collections: number;
}

/** One phase as it was seen. */
export interface PhaseRecord {
  readonly seconds: number;
  /** The numbers when it began. */
  readonly opening: Scrape;
  /** What the service said that it had done by then. */
  readonly tallyBefore: Tally;
  /** Requests that the load generator had had answered by then. */
  readonly answeredBefore: number;
  /** Taken under load. */
  readonly samples: readonly Sample[];
  /** Right after it, without load. */
  readonly rest: Rest;
}

/** A call of `onPressure`. */
export interface Warning extends PressureMessage {
  readonly atSeconds: number;
  readonly phase: PhaseName;
}

/** Everything that was seen, for the sentences and the verdict. */
export interface RunRecord {
  readonly plan: Plan;
  readonly servicePid: number;
  readonly machine: Machine;
  readonly healthy: PhaseRecord;
  readonly fault: PhaseRecord;
  readonly warnings: readonly Warning[];
  readonly failedRequests: number;
}
