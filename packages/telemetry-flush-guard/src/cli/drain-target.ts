import type { Signal } from '../items/item-codec.js';
import type { SendRequest } from './drain-signals.js';

/** The way of one signal out of here. */
export interface DrainRoute {
  /** Where it leads, for people: without what may be a credential. */
  readonly to: string;
  /** What routes share that lead to the same place. */
  readonly endpoint: string;
  /** How long one attempt may take. */
  readonly timeoutMillis: number;
  readonly send: SendRequest;
}

/** Where a drain delivers to. */
export interface DrainTarget {
  readonly format: 'protobuf' | 'json';
  /** Why nothing can be delivered any more, however long one waits; undefined: it can. */
  readonly brokenBy: string | undefined;
  /** @returns why there is none, if there is none */
  routeOf(signal: Signal): DrainRoute | string;
  /** Gives up what is under way. Never rejects. */
  close(): Promise<void>;
}
