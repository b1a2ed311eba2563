import type { Plan } from '../plan.js';
import type { Tally } from '../tally.js';

/** What the parent sends first. */
export interface StartMessage {
  readonly type: 'start';
  /** Faults that it must be capable of; each request does the work of all of them. */
  readonly faults: readonly string[];
  readonly backendPort: number;
  readonly watch: Plan['watch'];
}

/** From the parent to the service. */
export type ToService =
  | StartMessage
  /** Which fault, and every how many requests; 0: never. */
  | { readonly type: 'fault'; readonly name: string; readonly every: number }
  | { readonly type: 'mend' }
  | { readonly type: 'report' }
  | { readonly type: 'collect' }
  | { readonly type: 'stop' };

/** Where the service can be reached. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly url: string;
  readonly metricsUrl: string;
  /** The status page. */
  readonly pageUrl: string;
}

/** What the service knows of itself: not from its metrics, so that these can be checked against it. */
export interface ReportMessage {
  readonly type: 'report';
  readonly tally: Tally;
  readonly onlookers: Onlookers;
}

/** Connections to the service's metrics and its page, by its own count: of the demo, and of browsers. */
export interface Onlookers {
  readonly connected: number;
  /** Since the start, those that have gone again too. */
  readonly everConnected: number;
}

/** All garbage is collected; after `mend`, what had been left behind too. */
export interface CollectedMessage {
  readonly type: 'collected';
}

/** A call of `onPressure`, as received. */
export interface PressureMessage {
  readonly type: 'pressure';
  readonly reason: 'ratio' | 'count';
  readonly threshold: number;
  readonly open: number;
  /** Open descriptors by kind; `null` where kinds cannot be told. */
  readonly byKind: Readonly<Record<string, number>> | null;
  readonly message: string;
}

/** From the service to the parent. */
export type FromService = ReadyMessage | ReportMessage | CollectedMessage | PressureMessage;
