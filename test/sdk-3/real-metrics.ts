import * as sdk from '@opentelemetry/sdk-metrics';

// This workspace's SDK, as the suites of telemetry-flush-guard take it.
export {
  JsonMetricsSerializer as json,
  ProtobufMetricsSerializer as protobuf,
} from '@opentelemetry/otlp-transformer';
export { resourceFromAttributes } from '@opentelemetry/resources';
export { sdk };
