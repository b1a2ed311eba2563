import type { Meter } from '@opentelemetry/api';
import type { FdWatchInstrumentation } from 'otel-fd-watch';
import { flag, resolveOptions } from 'otel-runtime-kit/options';
import { MeterInstrumentation, bindObservables, observeNumber, processState } from 'otel-runtime-kit/otel';
import type { MetricDefinition, Unbind } from 'otel-runtime-kit/otel';
import { VERSION } from './version.js';

interface PromClientNamesOptions {
  enabled?: boolean;
}

const rules = { enabled: flag({ default: true, description: 'Start as soon as a meter provider is set.' }) };

/** prom-client's limit of descriptors. Not part of the catalogue: it says again what `vitals.fd.limit` says. */
export const maximumDescriptors = {
  name: 'process_max_fds',
  kind: 'observableGauge',
  unit: '{file_descriptor}',
  description: 'Maximum number of open file descriptors.',
  attributes: {},
  stability: 'own',
  source: 'soft limit',
  platforms: ['linux'],
  optIn: 'promClientNames',
} as const satisfies MetricDefinition;

/**
 * What prom-client has a name for and no View can make: the soft limit of descriptors alone. A View can rename attributes
 * but not leave a series out, and if it drops the attribute of `vitals.fd.limit`, the hard limit overwrites the soft one.
 *
 * In the scope of otel-fd-watch, so that `process_open_fds / process_max_fds` finds equal labels on both sides.
 */
export class PromClientNames extends MeterInstrumentation<
  PromClientNamesOptions,
  { readonly enabled: boolean }
> {
  readonly #fd: FdWatchInstrumentation;

  /** @param fd whose readings are reported; it is on while that one is */
  constructor(fd: FdWatchInstrumentation) {
    const { enabled } = fd.getConfig();
    super(
      'otel-fd-watch',
      VERSION,
      enabled === undefined ? {} : { enabled },
      options => resolveOptions('otel-node-vitals', rules, options),
      processState().runtime.readings,
    );
    this.#fd = fd;
  }

  protected override bindTo(meter: Meter): Unbind {
    return bindObservables(meter, [
      observeNumber(
        () => this.#fd.snapshot(),
        maximumDescriptors,
        snapshot => snapshot.limit.soft,
      ),
    ]);
  }
}
