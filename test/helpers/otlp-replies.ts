import { encodePartialSuccess, encodeStatus } from './otlp-protobuf.js';
import type { OtlpSignal } from './otlp-requests.js';

export type OtlpFormat = 'json' | 'protobuf';

const CONTENT_TYPES = { json: 'application/json', protobuf: 'application/x-protobuf' } as const;

const REJECTED_FIELDS = {
  traces: 'rejectedSpans',
  logs: 'rejectedLogRecords',
  metrics: 'rejectedDataPoints',
} as const;

/** Of a request; undefined if it is none of the two. */
export function formatOf(contentType: string | undefined): OtlpFormat | undefined {
  const essence = contentType?.split(';')[0]?.trim().toLowerCase();
  return (['json', 'protobuf'] as const).find(format => CONTENT_TYPES[format] === essence);
}

export interface Reply {
  readonly contentType: string;
  readonly body: Buffer;
}

/** All of it was taken. */
export function successReply(format: OtlpFormat): Reply {
  return { contentType: CONTENT_TYPES[format], body: Buffer.from(format === 'json' ? '{}' : '') };
}

/** So many items of it were not taken. */
export function partialReply(
  format: OtlpFormat,
  signal: OtlpSignal,
  rejected: number,
  message: string,
): Reply {
  const partialSuccess = { [REJECTED_FIELDS[signal]]: String(rejected), errorMessage: message };
  return {
    contentType: CONTENT_TYPES[format],
    body:
      format === 'json'
        ? Buffer.from(JSON.stringify({ partialSuccess }))
        : encodePartialSuccess(rejected, message),
  };
}

/** Nothing was taken. */
export function failureReply(format: OtlpFormat, message: string): Reply {
  // 13 is "internal" (https://grpc.github.io/grpc/core/md_doc_statuscodes.html); nobody looks at it.
  return {
    contentType: CONTENT_TYPES[format],
    body: format === 'json' ? Buffer.from(JSON.stringify({ code: 13, message })) : encodeStatus(13, message),
  };
}
