import type { MeterProvider } from '@opentelemetry/api';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RecordingMeterProvider } from './recording-meter.js';
import { repositoryRoot } from './repository.js';

/** What is used of an instrumentation. Not imported: the packages' own tests use these helpers. */
export interface LivingInstrumentation<Options> {
  readonly instrumentationName: string;
  readonly instrumentationVersion: string;
  enable(): void;
  disable(): void;
  setMeterProvider(provider: MeterProvider): void;
  setConfig(options: Options): void;
}

/** Starts and stops it in every way, ten times; it is running in the end. */
export function startAndStop<Options>(
  instrumentation: LivingInstrumentation<Options & { readonly sampleIntervalMillis?: number }>,
  provider: MeterProvider,
  options: Options,
): void {
  for (let round = 0; round < 10; round += 1) {
    instrumentation.setMeterProvider(provider);
    instrumentation.enable();
    instrumentation.setConfig({ ...options, sampleIntervalMillis: 1_000 + round });
    instrumentation.disable();
    instrumentation.disable();
    instrumentation.enable();
  }
}

/** It has the name of its package, and both the version of that. */
export function expectNameAndVersion(
  { instrumentationName, instrumentationVersion }: LivingInstrumentation<never>,
  version: string,
  packageName: string,
): void {
  const { name, version: published } = JSON.parse(
    readFileSync(join(repositoryRoot, 'packages', packageName, 'package.json'), 'utf8'),
  ) as Record<string, string>;
  expect({ instrumentationName, instrumentationVersion, version }).to.deep.equal({
    instrumentationName: name,
    instrumentationVersion: published,
    version: published,
  });
}

/** Has every instrument but gauges, which it throws at: TypeError, "no gauges today". */
export class GaugelessMeterProvider extends RecordingMeterProvider {
  override getMeter(name: string): ReturnType<RecordingMeterProvider['getMeter']> {
    const meter = super.getMeter(name);
    meter.createObservableGauge = () => {
      throw new TypeError('no gauges today');
    };
    return meter;
  }
}
