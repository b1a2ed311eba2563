import type { Plan } from '../plan.js';
import type { Tally } from '../tally.js';

/** What the parent sends first. */
export interface StartMessage {
  readonly type: 'start';
  readonly fault: string;
  readonly backendPort: number;
  readonly watch: Plan['watch'];
}

/** From the parent to the service. */
export type ToService =
  | StartMessage
  /** Every how many requests to do it wrongly; 0: never. */
  | { readonly type: 'fault'; readonly every: number }
  | { readonly type: 'report' }
  | { readonly type: 'collect' }
  | { readonly type: 'stop' };

/** Where the service can be reached. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly url: string;
  readonly metricsUrl: string;
}

/** What the service knows of itself: not from its metrics, so that these can be checked against it. */
export interface ReportMessage {
  readonly type: 'report';
  readonly tally: Tally;
}

/** All garbage is collected. */
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
