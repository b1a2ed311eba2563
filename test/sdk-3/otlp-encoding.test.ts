import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describeOtlpEncodings } from 'test-helpers/otlp-encoding-suite';
import type { EncodingSuite } from 'test-helpers/otlp-encoding-suite';
import { repositoryRoot } from 'test-helpers/repository';
import { whyNotHere } from 'test-helpers/sdk-line';
import { skipBecause } from 'test-helpers/skip-because';

/** telemetry-flush-guard does not export its encodings, so they are loaded by path: the very modules that it runs. */
const ENCODINGS = join(repositoryRoot, 'packages/telemetry-flush-guard/dist/src/otlp/otlp-encoding.js');

describe('OTLP, an item at a time, on OpenTelemetry SDK 3.x', () => {
  before(function () {
    const reason = whyNotHere(3);
    if (reason !== undefined) skipBecause(this, reason);
  });

  describeOtlpEncodings('SDK 3.x', async () => {
    const { realLogs, realSpans, serializers } = await import('./real-telemetry.js');
    const { otlpEncodings } = createRequire(__filename)(ENCODINGS) as {
      otlpEncodings: EncodingSuite['encodings'];
    };
    return {
      encodings: otlpEncodings,
      serializers,
      samples: { span: realSpans(), log: realLogs() },
    };
  });
});
