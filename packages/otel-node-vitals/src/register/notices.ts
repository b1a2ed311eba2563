import type { Environment } from './environment.js';

/** Says what the person at the terminal must know. */
export interface Notices {
  /** Something that works otherwise than asked for. */
  readonly warn: (message: string) => void;
  /** Something good to know, as an address. */
  readonly inform: (message: string) => void;
}

/** Levels of OTEL_LOG_LEVEL at which each is said; it is silent for all others. */
const WARN_LEVELS = new Set(['warn', 'info', 'debug', 'verbose', 'all']);
const INFORM_LEVELS = new Set(['info', 'debug', 'verbose', 'all']);

/**
 * One line each to stderr, each said once. Not through `diag`, which is silent until somebody sets a logger: here there
 * may be nobody to do so.
 */
export function stderrNotices(environment: Environment, write: (text: string) => void): Notices {
  const level = environment['OTEL_LOG_LEVEL']?.trim().toLowerCase();
  const isKnown = level !== undefined && (level === 'none' || level === 'error' || WARN_LEVELS.has(level));
  const effective = isKnown ? level : 'info';
  const said = new Set<string>();
  const say = (levels: ReadonlySet<string>, message: string): void => {
    if (!levels.has(effective) || said.has(message)) return;
    said.add(message);
    try {
      write(`otel-node-vitals: ${message.replace(/\s*\n\s*/g, ' ')}\n`);
    } catch {
      // A closed stderr is no reason to fail.
    }
  };
  return {
    warn(message) {
      say(WARN_LEVELS, message);
    },
    inform(message) {
      say(INFORM_LEVELS, message);
    },
  };
}
