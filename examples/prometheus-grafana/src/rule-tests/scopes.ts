import type { Labels } from './test-group.js';

/** Labels of a series that another instrumentation emits under the same name. */
export const RUNTIME_NODE: Labels = { otel_scope_name: '@opentelemetry/instrumentation-runtime-node' };
export const HOST_METRICS: Labels = { otel_scope_name: '@opentelemetry/host-metrics' };

/** Of a series that tells no scope: the exporter may be told to leave it out. */
export const NO_SCOPE: Labels = { otel_scope_name: '', otel_scope_version: '' };

/** Of what another version of the packages has left behind the same target, for some minutes. */
export const OLD_VERSION: Labels = { otel_scope_version: '0.0.9' };
