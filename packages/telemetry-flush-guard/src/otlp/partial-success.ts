import { DELIMITED, VARINT } from './protobuf-wire.js';
import { ProtobufReader } from './protobuf-reader.js';

/** Items that an endpoint has not taken, and will not take. */
export interface Rejected {
  readonly count: number;
  readonly message: string;
}

// https://opentelemetry.io/docs/specs/otlp/#partial-success: a count of 0 with a message is a warning, and nothing is lost.

/** ExportTraceServiceResponse.partial_success and ExportLogsServiceResponse.partial_success */
const PARTIAL_SUCCESS = (1 << 3) | DELIMITED;
/** Of ExportTracePartialSuccess and ExportLogsPartialSuccess. */
const REJECTED = (1 << 3) | VARINT;
const MESSAGE = (2 << 3) | DELIMITED;

/** From a response in JSON. `undefined` if nothing was rejected, or it cannot be read. */
export function jsonRejected(
  response: Uint8Array,
  field: 'rejectedSpans' | 'rejectedLogRecords' | 'rejectedDataPoints',
): Rejected | undefined {
  try {
    const { partialSuccess } = JSON.parse(textOf(response)) as {
      partialSuccess?: Readonly<Record<string, unknown>>;
    };
    // An int64 is a text in JSON; not every endpoint knows it.
    return rejected(Number(partialSuccess?.[field] ?? 0), partialSuccess?.['errorMessage']);
  } catch {
    return undefined;
  }
}

/** From a response in protobuf. `undefined` if nothing was rejected, or it cannot be read. */
export function protobufRejected(response: Uint8Array): Rejected | undefined {
  try {
    const reader = new ProtobufReader(response);
    let said: Rejected | undefined;
    while (!reader.atEnd) {
      if (reader.tag() === PARTIAL_SUCCESS) said = partialSuccess(reader.message());
      else reader.skip();
    }
    return said;
  } catch {
    return undefined;
  }
}

function partialSuccess(reader: ProtobufReader): Rejected | undefined {
  let count = 0;
  let message = '';
  while (!reader.atEnd) {
    switch (reader.tag()) {
      case REJECTED:
        count = reader.varint();
        break;
      case MESSAGE:
        message = reader.text();
        break;
      default:
        reader.skip();
    }
  }
  return rejected(count, message);
}

function rejected(count: number, message: unknown): Rejected | undefined {
  if (!Number.isInteger(count) || count <= 0) return undefined;
  return { count, message: typeof message === 'string' ? message : '' };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}
