import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import { describeOtlpEncodings } from 'test-helpers/otlp-encoding-suite';
import { realLogs, realSpans } from 'test-helpers/real-telemetry';
import { otlpEncodings } from '../../src/otlp/otlp-encoding.js';

describe('OTLP, an item at a time', () => {
  describeOtlpEncodings('SDK 2.x', () => ({
    encodings: otlpEncodings,
    serializers: {
      json: { span: JsonTraceSerializer, log: JsonLogsSerializer },
      protobuf: { span: ProtobufTraceSerializer, log: ProtobufLogsSerializer },
    },
    samples: { span: realSpans(), log: realLogs() },
  }));
});
