import { diag } from '@opentelemetry/api';

const NAME = 'telemetry-flush-guard';

/**
 * Says something to whoever runs the host, through its diag logger. Never throws: the logger is the host's, and what goes wrong in it must
 * not come out of a span that ends, of a timer, or of a listener at the end of the process.
 */
export function tell(level: 'error' | 'warn' | 'info', text: string, ...more: unknown[]): void {
  try {
    diag[level](`${NAME}: ${text}`, ...more);
  } catch {
    // There is nobody left to tell.
  }
}
