import { DiagLogLevel, diag } from '@opentelemetry/api';
import type { DiagLogger } from '@opentelemetry/api';

/** One message as a diag logger gets it. */
export interface DiagMessage {
  readonly level: keyof DiagLogger;
  readonly details: readonly unknown[];
}

/** Sets a diag logger that keeps what it is told. `diag.disable()` ends it. */
export function recordDiag(): DiagMessage[] {
  const messages: DiagMessage[] = [];
  const at =
    (level: keyof DiagLogger) =>
    (...details: unknown[]): void => {
      messages.push({ level, details });
    };
  diag.setLogger(
    { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug'), verbose: at('verbose') },
    { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
  );
  messages.length = 0;
  return messages;
}
