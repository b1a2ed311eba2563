/** What a program under fault is told, as JSON in its first argument. */
export interface ServiceSettings {
  /** With the guard, or as the SDK's documentation has it: batch processors, and no hooks. */
  readonly setUp: 'guard' | 'plain';
  readonly sdk: 2 | 3;
  /** `http://127.0.0.1:4318` */
  readonly endpoint: string;
  /** Of the spool. */
  readonly dir: string;
  readonly writeAhead: 'item' | 'exit';
  readonly budgetMillis: number;
  /** How it ends: one of the names in `fixtures/endings.ts`. */
  readonly ending: string;
  /** Spans, and as many log records; and what a counter counts, of which there is a checkpoint, and once more after that. */
  readonly items: number;
  /** Of the spool; by default the guard's own. */
  readonly diskBytes?: number;
}

/** What it says, a line each: JSON behind one of these words. */
export type Word = 'accepted' | 'ending' | 'stats' | 'sample' | 'listened';

/** Counts. */
export const COUNTER = 'faults.count';

/** Begins the names of its spans and the texts of its log records. A process of several says whose they are. */
export const MAIN = 'main';
