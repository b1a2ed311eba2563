import { DiagLogLevel, diag } from '@opentelemetry/api';
import { expect } from 'chai';
import { SendNotices } from '../src/guard-notices.js';

describe('what is said of sending', () => {
  it('is that it fails, with the first reason, and that it works again: once each, by exporter', () => {
    const lines: string[] = [];
    const line =
      (level: string) =>
      (text: string): number =>
        lines.push(`${level} ${text}`);
    const [error, warn, info, debug, verbose] = ['error', 'warn', 'info', 'debug', 'verbose'].map(line);
    diag.setLogger({ error, warn, info, debug, verbose } as never, {
      logLevel: DiagLogLevel.ALL,
      suppressOverrideMessage: true,
    });
    lines.length = 0;
    const notices = new SendNotices();
    notices.attempted('spans', undefined);
    notices.attempted('spans', 'refused');
    notices.attempted('spans', 'another reason');
    notices.attempted('logs', 'too slow');
    notices.attempted('spans', undefined);
    notices.attempted('spans', undefined);
    notices.attempted('spans', 'refused');
    const said = [...lines];
    diag.disable();
    expect(said).to.deep.equal([
      'warn telemetry-flush-guard: spans cannot be sent (refused); they wait, and are tried again',
      'warn telemetry-flush-guard: logs cannot be sent (too slow); they wait, and are tried again',
      'info telemetry-flush-guard: spans can be sent again',
      'warn telemetry-flush-guard: spans cannot be sent (refused); they wait, and are tried again',
    ]);
  });
});
