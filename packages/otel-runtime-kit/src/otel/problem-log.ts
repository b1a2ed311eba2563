import { diag } from '@opentelemetry/api';
import type { ProblemSink } from '../sampling/index.js';

/** Distinct problems that are remembered; what comes beyond is only counted. Bounds the memory. */
const MOST_PROBLEMS = 100;

/** The part of OpenTelemetry's diag logger that is used here. */
export interface ProblemLogger {
  warn(message: string, ...details: unknown[]): void;
}

/**
 * Says each distinct problem once through OpenTelemetry's `diag`, and counts the rest: a reading that fails every
 * five seconds must neither flood a log nor go unseen.
 */
export class ProblemLog implements ProblemSink {
  readonly #logger: ProblemLogger;
  readonly #counts = new Map<string, number>();
  #unlisted = 0;

  constructor(
    component: string,
    logger: ProblemLogger = diag.createComponentLogger({ namespace: component }),
  ) {
    this.#logger = logger;
  }

  report(key: string, message: string, error?: unknown): void {
    const count = this.#counts.get(key);
    if (count !== undefined) {
      this.#counts.set(key, count + 1);
      return;
    }
    if (this.#counts.size >= MOST_PROBLEMS) {
      this.#unlisted += 1;
      return;
    }
    this.#counts.set(key, 1);
    try {
      this.#logger.warn(
        `${message} (said once; further ones are only counted)`,
        ...(error === undefined ? [] : [error]),
      );
    } catch {
      // A diag logger is the host's code; if it throws there is nobody left to tell.
    }
  }

  /** How often each problem came up, by key. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Reports of problems beyond the {@link MOST_PROBLEMS} that are told apart. */
  get unlisted(): number {
    return this.#unlisted;
  }
}
