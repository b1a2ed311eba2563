import { DiagLogLevel, diag } from '@opentelemetry/api';
import type { DiagLogger } from '@opentelemetry/api';

/** Makes this the host's diag logger, of every level; what it does not have is silent. `diag.disable()` ends it. */
export function setDiagLogger(logger: Partial<DiagLogger>): void {
  const silent = (): void => {};
  diag.setLogger(
    { verbose: silent, debug: silent, info: silent, warn: silent, error: silent, ...logger },
    { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
  );
}

/** One message as a diag logger gets it. */
export interface DiagMessage {
  readonly level: keyof DiagLogger;
  readonly details: readonly unknown[];
}

/** Sets a diag logger that hands on what it is told, each message with its level. */
function setDiagListener(hear: (message: DiagMessage) => void): void {
  const at =
    (level: keyof DiagLogger) =>
    (...details: unknown[]): void => {
      hear({ level, details });
    };
  setDiagLogger({
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    verbose: at('verbose'),
  });
}

/** What reaches the host's diag logger from now on. `diag.disable()` ends it. */
export function recordDiag(): DiagMessage[] {
  const messages: DiagMessage[] = [];
  setDiagListener(message => messages.push(message));
  // The API says that it has a logger now.
  messages.length = 0;
  return messages;
}

/** The same as lines of `LEVEL WORDS`. */
export function diagLines(): string[] {
  const lines: string[] = [];
  setDiagListener(({ level, details }) => lines.push([level, ...details].map(String).join(' ')));
  lines.length = 0;
  return lines;
}
