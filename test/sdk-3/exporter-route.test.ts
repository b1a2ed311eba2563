import { guardRouteOf } from 'test-helpers/guard-otlp';
import { describeRoutes } from 'test-helpers/otlp-route-suite';
import { whyNotHere } from 'test-helpers/sdk-line';
import { skipBecause } from 'test-helpers/skip-because';
import type * as OtlpExporters from './otlp-exporters.js';

describe('the route that telemetry-flush-guard takes from an exporter, on OpenTelemetry SDK 3.x', () => {
  let sdk: typeof OtlpExporters;
  before(async function () {
    const reason = whyNotHere(3);
    if (reason !== undefined) skipBecause(this, reason);
    sdk = await import('./otlp-exporters.js');
  });

  describeRoutes(guardRouteOf(), () => sdk.EXPORTERS);
});
