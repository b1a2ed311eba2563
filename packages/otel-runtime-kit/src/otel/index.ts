export { bindObservables } from './bind-observables.js';
export type { ObservableBinding, Unbind } from './bind-observables.js';
export { bindWatch } from './bind-watch.js';
export type { StartableWatch } from './bind-watch.js';
export { MeterInstrumentation } from './meter-instrumentation.js';
export type { InstrumentationOptions } from './meter-instrumentation.js';
export type { AttributeValues, MetricDefinition, MetricKind, MetricStability } from './metric-definition.js';
export { ProblemLog } from './problem-log.js';
export type { ProblemLogger } from './problem-log.js';
export {
  ATTR_READING,
  bindSamplerMetrics,
  onFurtherInstrumentation,
  samplerMetricDefinitions,
} from './sampler-metrics.js';
export { observeNumber, observeNumberBy } from './snapshot-observables.js';
export { createSamplingRuntime, processState } from './sampling-runtime.js';
export type { SamplingRuntime } from './sampling-runtime.js';
export { turnToRecord } from './turn-to-record.js';
export type { TurnToRecord } from './turn-to-record.js';
